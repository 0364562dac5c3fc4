package org.donotanswer.guard.springboot;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if any property of the audit log is set: a log without a file must be reported, not left out. */
final class AuditPropertiesCondition implements Condition {
    /** Called by the framework. */
    AuditPropertiesCondition() {}

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return Binder.get(context.getEnvironment())
                .bind(GuardProperties.PREFIX + ".audit", Bindable.mapOf(String.class, Object.class))
                .isBound();
    }
}
