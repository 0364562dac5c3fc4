package org.donotanswer.dataset;

import java.util.List;
import org.donotanswer.dataset.RealDataDirectories.Kind;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips tests marked {@link RealData} if the data is missing, or fails them in CI. */
final class RealDataCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean ci = "true".equalsIgnoreCase(System.getenv("CI"));
        ConditionEvaluationResult result = evaluate(RealDataDirectories.ofThisRun(), kinds(context), ci);
        if (result.isDisabled()) {
            System.out.println("skipped " + context.getDisplayName() + ": "
                    + result.getReason().orElseThrow());
        }
        return result;
    }

    /** Returns what the method or, if it is not marked, its class needs. */
    private static List<Kind> kinds(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), RealData.class)
                .or(() -> AnnotationSupport.findAnnotation(context.getTestClass(), RealData.class))
                .map(marked -> List.of(marked.value()))
                .orElseGet(() -> List.of(Kind.values()));
    }

    static ConditionEvaluationResult evaluate(RealDataDirectories directories, List<Kind> kinds, boolean ci) {
        List<String> missing = directories.missing(kinds);
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("real data found");
        }
        String reason = "real data must exist, but was missing: " + String.join(", ", missing);
        if (ci) {
            // An exception thrown by a condition fails the test or class.
            throw new IllegalStateException(reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
