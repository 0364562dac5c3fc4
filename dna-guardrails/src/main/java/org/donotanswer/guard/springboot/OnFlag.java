package org.donotanswer.guard.springboot;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if a property is true. Any other value than true and false stops the application: as a mere mismatch, a typing error
 * would switch the guard off.
 */
abstract class OnFlag implements Condition {
    private final String name;
    private final boolean byDefault;

    OnFlag(String name, boolean byDefault) {
        this.name = GuardProperties.PREFIX + "." + name;
        this.byDefault = byDefault;
    }

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return Binder.get(context.getEnvironment()).bind(name, Boolean.class).orElse(byDefault);
    }

    /** Matches unless guards are switched off. */
    static final class Enabled extends OnFlag {
        Enabled() {
            super("enabled", true);
        }
    }

    /** Matches if what users say is to be judged. */
    static final class ChecksInstructions extends OnFlag {
        ChecksInstructions() {
            super("check-instructions", false);
        }
    }

    /** Matches unless chat clients are to be left alone. */
    static final class AdvisesChatClients extends OnFlag {
        AdvisesChatClients() {
            super("advise-chat-clients", true);
        }
    }
}
