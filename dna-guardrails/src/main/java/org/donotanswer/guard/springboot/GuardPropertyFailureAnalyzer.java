package org.donotanswer.guard.springboot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Has Spring Boot print what is wrong with a property rather than a stack trace. Comes first: Spring Boot's own analyzers print the
 * values of properties, and the value of a misspelt one may be the key of the audit log.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class GuardPropertyFailureAnalyzer extends AbstractFailureAnalyzer<GuardPropertyException> {
    /** Called by the framework. */
    GuardPropertyFailureAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, GuardPropertyException cause) {
        return new FailureAnalysis(cause.getMessage(), "Correct the property, or remove it.", cause);
    }
}
