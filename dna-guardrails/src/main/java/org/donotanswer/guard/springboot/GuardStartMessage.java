package org.donotanswer.guard.springboot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.stream.Collectors;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Logs once per context what guards the chat clients, as nothing else would show it. Waits until all beans exist. */
final class GuardStartMessage implements SmartInitializingSingleton {
    private static final Logger LOG = System.getLogger(SafetyGuardAutoConfiguration.class.getName());

    private final ObjectProvider<SafetyAdvisor> advisors;
    private final boolean advised;

    /** Takes whether the advisors are added to chat clients. */
    GuardStartMessage(ObjectProvider<SafetyAdvisor> advisors, boolean advised) {
        this.advisors = advisors;
        this.advised = advised;
    }

    @Override
    public void afterSingletonsInstantiated() {
        LOG.log(Level.INFO, message());
    }

    private String message() {
        if (!advised) {
            return "no ChatClient.Builder is guarded, as "
                    + GuardPropertyException.name(BooleanPropertyCondition.ADVISE_CHAT_CLIENTS) + " is false";
        }
        return advisors.orderedStream()
                .map(advisor -> describe(advisor.guard()))
                .collect(Collectors.joining(", and by ", "every ChatClient.Builder is guarded by ", ""));
    }

    private static String describe(SafetyGuard guard) {
        SafetyPolicy policy = guard.policy();
        String effect = policy.shadow()
                ? ", which blocks nothing, as its policy is in shadow mode"
                : ", which blocks from " + policy.defaultRule().block().orElse(SafetyPolicy.DEFAULT_BLOCK);
        return guard.evaluatorName() + effect + (guard.failMode() == FailMode.OPEN ? " and fails open" : "");
    }
}
