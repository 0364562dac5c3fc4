package org.donotanswer.guard.springboot;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if a property is true. Any value other than true or false prevents the application from starting: if it were treated as
 * false, a typo would switch the guard off.
 */
abstract class BooleanPropertyCondition implements Condition {
    static final String ADVISE_CHAT_CLIENTS = "advise-chat-clients";
    static final String METRICS_ENABLED = "metrics.enabled";
    static final String OBSERVATIONS_ENABLED = "observations.enabled";

    private final String name;
    private final boolean defaultValue;

    BooleanPropertyCondition(String name, boolean defaultValue) {
        this.name = GuardProperties.PREFIX + "." + name;
        this.defaultValue = defaultValue;
    }

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return Binder.get(context.getEnvironment()).bind(name, Boolean.class).orElse(defaultValue);
    }

    /** Matches unless guarding is switched off. */
    static final class Enabled extends BooleanPropertyCondition {
        Enabled() {
            super("enabled", true);
        }
    }

    /** Matches if instructions are to be checked. */
    static final class ChecksInstructions extends BooleanPropertyCondition {
        ChecksInstructions() {
            super("check-instructions", false);
        }
    }

    /** Matches unless chat clients are to be left unguarded. */
    static final class AdvisesChatClients extends BooleanPropertyCondition {
        AdvisesChatClients() {
            super(ADVISE_CHAT_CLIENTS, true);
        }
    }

    /** Matches unless metrics are switched off. */
    static final class AllowsMetrics extends BooleanPropertyCondition {
        AllowsMetrics() {
            super(METRICS_ENABLED, true);
        }
    }

    /** Matches if metrics are switched on, not just left on. */
    static final class RequiresMetrics extends BooleanPropertyCondition {
        RequiresMetrics() {
            super(METRICS_ENABLED, false);
        }
    }

    /** Matches if observations are switched on. */
    static final class RequiresObservations extends BooleanPropertyCondition {
        RequiresObservations() {
            super(OBSERVATIONS_ENABLED, false);
        }
    }
}
