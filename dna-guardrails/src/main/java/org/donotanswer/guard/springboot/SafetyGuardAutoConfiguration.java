package org.donotanswer.guard.springboot;

import static org.donotanswer.guard.springboot.GuardPropertyException.ifSet;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.audit.AuditLog;
import org.donotanswer.guard.micrometer.GuardMetrics;
import org.donotanswer.guard.micrometer.GuardObservationConvention;
import org.donotanswer.guard.micrometer.GuardObservations;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.springai.InstructionAdvisor;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.donotanswer.guard.stream.StreamGuard;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Creates an evaluator, a policy, a guard, a guard of streams and, with Spring AI, the advisors, each unless the application defines
 * its own, and adds the advisors to every {@code ChatClient.Builder} bean. All {@link GuardListener} beans receive every verdict; one
 * for metrics is created if there is a Micrometer registry, an audit log and one for observations if properties ask for them.
 * Thread-safe.
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
    SafetyEvaluator safetyEvaluator(GuardProperties properties) {
        String name = properties.evaluator();
        return name == null
                ? SafetyEvaluator.createForGuard()
                : GuardPropertyException.build(
                        GuardPropertyException.name("evaluator"), () -> SafetyEvaluator.create(name));
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
            ObjectProvider<GuardListener> listeners,
            BeanFactory beans) {
        SafetyGuard.Builder builder =
                SafetyGuard.builder().evaluator(evaluator).policy(policy).failMode(properties.failMode());
        ifSet("deadline", properties.deadline(), builder::deadline);
        ifSet("threads", properties.threads(), builder::threads);
        ifSet("max-concurrent", properties.maxConcurrent(), builder::maxConcurrent);
        ifSet("context-turns", properties.contextTurns(), builder::contextTurns);
        ifSet("cache", properties.cache(), builder::cache);
        ListenerBeans.of(listeners, beans).forEach(builder::listener);
        return GuardPropertyException.build(GuardProperties.PREFIX, builder::build);
    }

    @Bean
    @ConditionalOnMissingBean
    StreamGuard streamGuard(GuardProperties properties, SafetyGuard guard) {
        GuardProperties.StreamProperties stream = properties.stream();
        StreamGuard.Builder builder = StreamGuard.builder().guard(guard);
        ifSet("stream.minimum-step", stream.minimumStep(), builder::minimumStep);
        ifSet("stream.maximum-step", stream.maximumStep(), builder::maximumStep);
        ifSet("stream.overlap", stream.overlap(), builder::overlap);
        ifSet("stream.max-characters", stream.maxCharacters(), builder::maxCharacters);
        ifSet("stream.idle-timeout", stream.idleTimeout(), builder::idleTimeout);
        ifSet("stream.hold-whole-answer", stream.holdWholeAnswer(), builder::holdWholeAnswer);
        return GuardPropertyException.build(GuardPropertyException.name("stream"), builder::build);
    }

    // The guard is created after its listeners, hence closed before them.
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    @Conditional(AuditPropertiesCondition.class)
    AuditLog guardAuditLog(GuardProperties properties) {
        return AuditLogFile.open(properties.audit());
    }

    // These two report at the start that a property asks for what cannot be had. They are evaluated after the nested
    // classes.
    @Bean
    @Conditional(BooleanPropertyCondition.RequiresMetrics.class)
    @ConditionalOnMissingBean(type = "org.donotanswer.guard.micrometer.GuardMetrics")
    @SuppressWarnings("DoNotCallSuggester") // The framework calls it.
    GuardListener missingGuardMetrics() {
        throw missing(BooleanPropertyCondition.METRICS_ENABLED, "MeterRegistry");
    }

    @Bean
    @Conditional(BooleanPropertyCondition.RequiresObservations.class)
    @ConditionalOnMissingBean(type = "org.donotanswer.guard.micrometer.GuardObservations")
    @SuppressWarnings("DoNotCallSuggester") // The framework calls it.
    GuardListener missingGuardObservations() {
        throw missing(BooleanPropertyCondition.OBSERVATIONS_ENABLED, "ObservationRegistry");
    }

    private static GuardPropertyException missing(String property, String registry) {
        return new GuardPropertyException(GuardPropertyException.name(property) + " requires a bean of type " + registry
                + ", but there was none (Spring Boot's Actuator defines one)");
    }

    // Static, since it is created before the properties are bound.
    @Bean
    static ConfigurationPropertiesBindHandlerAdvisor guardPropertiesBindHandlerAdvisor() {
        return UnknownPropertyHandler::new;
    }

    /** Creates the listener for metrics. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnBean(MeterRegistry.class)
    @Conditional(BooleanPropertyCondition.AllowsMetrics.class)
    static final class Metrics {
        @Bean(ListenerBeans.METRICS)
        @ConditionalOnMissingBean(value = GuardMetrics.class, name = ListenerBeans.METRICS)
        GuardMetrics guardMetrics(
                GuardProperties properties, ObjectProvider<MeterRegistry> registries, ObjectProvider<AuditLog> logs) {
            GuardProperties.MetricsProperties metrics = properties.metrics();
            GuardMetrics.Builder builder = GuardMetrics.builder(registry(registries));
            builder.tags(metrics.tags().entrySet().stream()
                    .map(tag -> Tag.of(tag.getKey(), tag.getValue()))
                    .toList());
            ifSet("metrics.histogram", metrics.histogram(), builder::histogram);
            ifSet("metrics.objectives", metrics.objectives().toArray(Duration[]::new), builder::objectives);
            GuardMetrics made = builder.build();
            logs.ifUnique(made::watch);
            return made;
        }

        /** Returns the registry; one of them all if there are several and none is the primary one. */
        private static MeterRegistry registry(ObjectProvider<MeterRegistry> registries) {
            MeterRegistry only = registries.getIfUnique();
            return only == null
                    ? new CompositeMeterRegistry(
                            Clock.SYSTEM, registries.orderedStream().toList())
                    : only;
        }
    }

    /** Creates the listener for observations. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    @Conditional(BooleanPropertyCondition.RequiresObservations.class)
    static final class Observations {
        @Bean(ListenerBeans.OBSERVATIONS)
        @ConditionalOnMissingBean(value = GuardObservations.class, name = ListenerBeans.OBSERVATIONS)
        GuardObservations guardObservations(
                ObjectProvider<ObservationRegistry> registries,
                ObjectProvider<GuardObservationConvention> conventions) {
            ObservationRegistry registry = registries.getIfAvailable();
            if (registry == null) {
                throw missing(BooleanPropertyCondition.OBSERVATIONS_ENABLED, "ObservationRegistry");
            }
            GuardObservationConvention convention = conventions.getIfAvailable();
            return convention == null ? GuardObservations.of(registry) : GuardObservations.of(registry, convention);
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
            ifSet("order", properties.order(), builder::order);
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

        @Bean
        GuardStartMessage guardStartMessage(
                ObjectProvider<SafetyAdvisor> advisors, ObjectProvider<ChatClientBuilderPostProcessor> processors) {
            return new GuardStartMessage(advisors, processors.getIfAvailable() != null);
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
