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
            super("advise-chat-clients", true);
        }
    }
}
