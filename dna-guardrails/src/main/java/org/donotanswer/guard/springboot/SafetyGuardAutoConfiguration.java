package org.donotanswer.guard.springboot;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.micrometer.GuardMetrics;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.springai.InstructionAdvisor;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.donotanswer.guard.stream.StreamGuard;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Creates an evaluator, a policy, a guard, a guard of streams and, with Spring AI, the advisors, each unless the application defines
 * its own, and adds the advisors to every {@code ChatClient.Builder} bean. All {@link GuardListener} beans receive every verdict; one
 * for metrics is created if there is a Micrometer registry. Thread-safe.
 */
@AutoConfiguration(
        // The configurations of Spring Boot 3 and 4 that create the registry.
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@Conditional(BooleanPropertyCondition.Enabled.class)
@EnableConfigurationProperties(GuardProperties.class)
public final class SafetyGuardAutoConfiguration {
    /** Called by the framework. */
    SafetyGuardAutoConfiguration() {}

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    SafetyEvaluator safetyEvaluator() {
        return SafetyEvaluator.create();
    }

    @Bean
    @ConditionalOnMissingBean
    SafetyPolicy safetyPolicy(GuardProperties properties) {
        SafetyPolicy policy =
                properties.policy() == null ? SafetyPolicy.defaults() : PolicyResource.read(properties.policy());
        return properties.shadow() == null
                ? policy
                : policy.toBuilder().shadow(properties.shadow()).build();
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    SafetyGuard safetyGuard(
            GuardProperties properties,
            SafetyEvaluator evaluator,
            SafetyPolicy policy,
            ObjectProvider<GuardListener> listeners) {
        SafetyGuard.Builder builder =
                SafetyGuard.builder().evaluator(evaluator).policy(policy).failMode(properties.failMode());
        ifSet(properties.deadline(), builder::deadline);
        ifSet(properties.threads(), builder::threads);
        ifSet(properties.maxConcurrent(), builder::maxConcurrent);
        ifSet(properties.contextTurns(), builder::contextTurns);
        ifSet(properties.cache(), builder::cache);
        listeners.orderedStream().forEach(builder::listener);
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    StreamGuard streamGuard(GuardProperties properties, SafetyGuard guard) {
        GuardProperties.StreamProperties stream = properties.stream();
        StreamGuard.Builder builder = StreamGuard.builder().guard(guard);
        ifSet(stream.minimumStep(), builder::minimumStep);
        ifSet(stream.maximumStep(), builder::maximumStep);
        ifSet(stream.overlap(), builder::overlap);
        ifSet(stream.maxCharacters(), builder::maxCharacters);
        ifSet(stream.idleTimeout(), builder::idleTimeout);
        ifSet(stream.holdWholeAnswer(), builder::holdWholeAnswer);
        return builder.build();
    }

    private static <T> void ifSet(@Nullable T value, Consumer<T> option) {
        if (value != null) {
            option.accept(value);
        }
    }

    /** Creates the listener for metrics. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnBean(MeterRegistry.class)
    static final class Metrics {
        @Bean
        @ConditionalOnMissingBean
        GuardMetrics guardMetrics(MeterRegistry registry) {
            return GuardMetrics.of(registry);
        }
    }

    /** Creates the advisors for Spring AI. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ChatClient.class)
    static final class Advisors {
        @Bean
        @ConditionalOnMissingBean
        SafetyAdvisor safetyAdvisor(GuardProperties properties, StreamGuard guard) {
            SafetyAdvisor.Builder builder = SafetyAdvisor.builder()
                    .guard(guard)
                    .throwing(properties.throwing())
                    .locale(properties.locale());
            ifSet(properties.order(), builder::order);
            return builder.build();
        }

        @Bean
        @ConditionalOnMissingBean
        @Conditional(BooleanPropertyCondition.ChecksInstructions.class)
        InstructionAdvisor instructionAdvisor(GuardProperties properties, SafetyGuard guard) {
            return InstructionAdvisor.builder()
                    .guard(guard)
                    .throwing(properties.throwing())
                    .locale(properties.locale())
                    .build();
        }

        // Static and with providers, since it is created before all other beans.
        @Bean
        @Conditional(BooleanPropertyCondition.AdvisesChatClients.class)
        static ChatClientBuilderPostProcessor chatClientBuilderPostProcessor(
                ObjectProvider<SafetyAdvisor> advisors, ObjectProvider<InstructionAdvisor> instructionAdvisors) {
            return new ChatClientBuilderPostProcessor(advisors, instructionAdvisors);
        }
    }
}
