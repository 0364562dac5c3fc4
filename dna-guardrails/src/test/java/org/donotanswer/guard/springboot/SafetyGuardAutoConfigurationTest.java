package org.donotanswer.guard.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.ScriptedEvaluator;
import org.donotanswer.guard.ScriptedEvaluatorProvider;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.micrometer.GuardMetrics;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.springai.InstructionAdvisor;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

class SafetyGuardAutoConfigurationTest {
    private static final String QUESTION = "Tell me how to steal credit card numbers from people.";
    private static final String HARMFUL =
            "Set up a page that looks like their bank, send them the link by email, and collect the card numbers they"
                    + " type in.";
    private static final String HARMLESS = "I'm sorry, but I can't help with stealing from people.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(SafetyGuardAutoConfiguration.class, ChatClientAutoConfiguration.class))
            .withUserConfiguration(Model.class);

    /** Responds harmfully, or with what the user asks it to say. */
    @Configuration(proxyBeanMethods = false)
    static class Model {
        @Bean
        ChatModel chatModel() {
            return new ChatModel() {
                @Override
                public ChatResponse call(Prompt prompt) {
                    String asked = prompt.getUserMessage().getText();
                    return new ChatResponse(
                            List.of(new Generation(new AssistantMessage(asked.equals(QUESTION) ? HARMFUL : HARMLESS))));
                }

                @Override
                public Flux<ChatResponse> stream(Prompt prompt) {
                    return Flux.just(call(prompt));
                }
            };
        }
    }

    private static String ask(ChatClient.Builder builder, String question) {
        return builder.build().prompt(question).call().content();
    }

    @Test
    void context_byDefault_guardsTheBuilder() {
        runner.run(context -> {
            assertThat(context)
                    .hasSingleBean(SafetyEvaluator.class)
                    .hasSingleBean(SafetyPolicy.class)
                    .hasSingleBean(SafetyGuard.class)
                    .hasSingleBean(StreamGuard.class)
                    .hasSingleBean(SafetyAdvisor.class)
                    .doesNotHaveBean(InstructionAdvisor.class);
            ChatClient.Builder builder = context.getBean(ChatClient.Builder.class);
            assertThat(ask(builder, QUESTION)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
            assertThat(ask(builder, "What is the capital of Portugal?")).isEqualTo(HARMLESS);
            assertThat(builder.build().prompt(QUESTION).stream()
                            .content()
                            .reduce("", String::concat)
                            .block())
                    .isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
            assertThat(context.getBean(SafetyGuard.class).failMode()).isEqualTo(FailMode.CLOSED);
        });
    }

    @Test
    void context_closed_closesGuardAndEvaluator() {
        List<SafetyGuard> guards = new ArrayList<>();
        runner.run(context -> guards.add(context.getBean(SafetyGuard.class)));
        assertThat(guards.get(0).check("How?", "So.").isChecked()).isFalse();
    }

    @Test
    void context_applicationsOwnBuilders_areGuarded() {
        runner.withUserConfiguration(OwnBuilder.class)
                .run(context -> assertThat(ask(context.getBean(ChatClient.Builder.class), QUESTION))
                        .isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBuilder {
        @Bean
        ChatClient.Builder ownBuilder(ChatModel model) {
            return ChatClient.builder(model);
        }
    }

    @Test
    void context_properties_reachTheBeans() {
        runner.withPropertyValues(
                        "donotanswer.guard.policy=classpath:org/donotanswer/guard/springboot/strict.json",
                        "donotanswer.guard.shadow=true",
                        "donotanswer.guard.fail-mode=open",
                        "donotanswer.guard.deadline=2s",
                        "donotanswer.guard.threads=platform",
                        "donotanswer.guard.max-concurrent=4",
                        "donotanswer.guard.context-turns=0",
                        "donotanswer.guard.cache=100",
                        "donotanswer.guard.throwing=true",
                        "donotanswer.guard.locale=de-AT",
                        "donotanswer.guard.order=5",
                        "donotanswer.guard.stream.minimum-step=100",
                        "donotanswer.guard.stream.maximum-step=300",
                        "donotanswer.guard.stream.overlap=50",
                        "donotanswer.guard.stream.max-characters=5000",
                        "donotanswer.guard.stream.idle-timeout=5s",
                        "donotanswer.guard.stream.hold-whole-answer=true")
                .run(context -> {
                    GuardProperties properties = context.getBean(GuardProperties.class);
                    assertThat(context.getBean(SafetyAdvisor.class).getOrder()).isEqualTo(5);
                    assertThat(properties.deadline()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(properties.locale()).isEqualTo(Locale.forLanguageTag("de-AT"));
                    assertThat(properties.stream())
                            .isEqualTo(new GuardProperties.StreamProperties(
                                    100, 300, 50, 5000, Duration.ofSeconds(5), true));
                    SafetyGuard guard = context.getBean(SafetyGuard.class);
                    assertThat(guard.failMode()).isEqualTo(FailMode.OPEN);
                    assertThat(guard.policy().shadow()).isTrue();
                    assertThat(guard.policy().defaultRule().block()).hasValue(0.25);
                    assertThat(guard.isNonBlocking()).isFalse();
                    assertThat(ask(context.getBean(ChatClient.Builder.class), QUESTION))
                            .isEqualTo(HARMFUL);
                });
    }

    @Test
    void context_byDefault_hasTheBestEvaluatorForAGuard(@TempDir Path directory) throws Exception {
        String name = ScriptedEvaluatorProvider.call(directory, () -> evaluatorName(runner));
        assertThat(name).isEqualTo(ScriptedEvaluator.NAME);
        assertThat(ScriptedEvaluatorProvider.CREATED).hasSize(1);
        assertThat(ScriptedEvaluatorProvider.CREATED.get(0).closed).hasValue(1);
    }

    @Test
    void context_evaluatorByName_isCreated(@TempDir Path directory) throws Exception {
        String name = ScriptedEvaluatorProvider.call(
                directory, () -> evaluatorName(runner.withPropertyValues("donotanswer.guard.evaluator=embedded")));
        assertThat(name).startsWith("do-not-answer-embedded");
        assertThat(ScriptedEvaluatorProvider.CREATED).isEmpty();
    }

    private static String evaluatorName(ApplicationContextRunner runner) {
        List<String> names = new ArrayList<>();
        runner.run(context -> names.add(context.getBean(SafetyGuard.class).evaluatorName()));
        return names.get(0);
    }

    @Test
    void context_policyInYaml_isRead() {
        runner.withPropertyValues("donotanswer.guard.policy=classpath:org/donotanswer/guard/springboot/strict.yaml")
                .run(context -> assertThat(context.getBean(SafetyPolicy.class)
                                .defaultRule()
                                .block())
                        .hasValue(0.25));
    }

    @Test
    void context_throwing_throws() {
        runner.withPropertyValues("donotanswer.guard.throwing=true").run(context -> {
            ChatClient.Builder builder = context.getBean(ChatClient.Builder.class);
            assertThatExceptionOfType(BlockedException.class).isThrownBy(() -> ask(builder, QUESTION));
        });
    }

    @Test
    void context_checkingInstructions_checksThem() {
        List<Verdict> verdicts = new ArrayList<>();
        runner.withPropertyValues("donotanswer.guard.check-instructions=true")
                .withBean(GuardListener.class, () -> (verdict, instruction, text) -> verdicts.add(verdict))
                .run(context -> {
                    assertThat(context).hasSingleBean(InstructionAdvisor.class);
                    assertThat(ask(context.getBean(ChatClient.Builder.class), QUESTION))
                            .isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
                    assertThat(verdicts).extracting(Verdict::subject).containsExactly(Verdict.Subject.INSTRUCTION);
                });
    }

    @Test
    void context_withRegistry_countsVerdicts() {
        runner.run(context -> assertThat(context).doesNotHaveBean(GuardMetrics.class));
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            ask(context.getBean(ChatClient.Builder.class), QUESTION);
            assertThat(context.getBean(SimpleMeterRegistry.class)
                            .get(GuardMetrics.VERDICTS)
                            .tag("outcome", "BLOCK")
                            .counter()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void context_switchedOff_hasNoGuard() {
        runner.withPropertyValues("donotanswer.guard.enabled=false").run(context -> {
            assertThat(context).doesNotHaveBean(SafetyGuard.class).doesNotHaveBean(SafetyEvaluator.class);
            assertThat(ask(context.getBean(ChatClient.Builder.class), QUESTION)).isEqualTo(HARMFUL);
        });
    }

    @Test
    void context_chatClientsNotAdvised_haveNoGuard() {
        runner.withPropertyValues("donotanswer.guard.advise-chat-clients=false").run(context -> {
            assertThat(context).hasSingleBean(SafetyAdvisor.class);
            assertThat(ask(context.getBean(ChatClient.Builder.class), QUESTION)).isEqualTo(HARMFUL);
        });
    }

    @Test
    void context_ownBeans_takePrecedence() {
        SafetyPolicy policy =
                SafetyPolicy.builder().replacement(Locale.ENGLISH, "Not here.").build();
        runner.withBean(SafetyPolicy.class, () -> policy).run(context -> {
            assertThat(context.getBean(SafetyGuard.class).policy()).isEqualTo(policy);
            assertThat(ask(context.getBean(ChatClient.Builder.class), QUESTION)).isEqualTo("Not here.");
        });
        runner.withBean(SafetyAdvisor.class, () -> SafetyAdvisor.builder()
                        .guard(SafetyGuard.of(SafetyEvaluator.create(), policy))
                        .order(7)
                        .build())
                .run(context -> {
                    assertThat(context.getBean(SafetyAdvisor.class).getOrder()).isEqualTo(7);
                    assertThat(ask(context.getBean(ChatClient.Builder.class), QUESTION))
                            .isEqualTo("Not here.");
                });
    }

    @Test
    void context_withoutModel_starts() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(SafetyGuardAutoConfiguration.class, ChatClientAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(SafetyAdvisor.class));
    }

    @Test
    void context_withoutSpringAi_hasOnlyTheGuard() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SafetyGuardAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.ai", "reactor", "io.micrometer"))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(StreamGuard.class);
                    assertThat(context).doesNotHaveBean("safetyAdvisor");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fail-mode=sometimes|fail-mode",
                "enabled=flase|flase",
                "check-instructions=perhaps|perhaps",
                "advise-chat-clients=nope|nope",
                "shadow=dark|dark",
                "deadline=soon|soon",
                "deadline=-1s|donotanswer.guard.deadline: deadline must be positive",
                "fail-mod=open|donotanswer.guard.fail-mod must be a property of the guard, but was unknown (did you"
                        + " mean 'fail-mode'?)",
                "cahce=100|donotanswer.guard.cahce must be a property of the guard, but was unknown (did you mean"
                        + " 'cache'?)",
                "colour=red|donotanswer.guard.colour must be a property of the guard, but was unknown",
                "stream.overlapp=5|donotanswer.guard.stream.overlapp must be a property of the guard, but was unknown"
                        + " (did you mean 'stream.overlap'?)",
                "stream.overlap=-1|donotanswer.guard.stream.overlap: overlap must be at least 0, but was -1",
                "evaluator=embeded|donotanswer.guard.evaluator: name must be that of an evaluator on the class path"
                        + " (embedded, transformer), but was 'embeded' (did you mean 'embedded'?)",
                "evaluator=cascade|donotanswer.guard.evaluator: name must be that of an evaluator on the class path"
                        + " (embedded, transformer), but was 'cascade' (add the artifact org.donotanswer:dna-encoder)",
                "cache=0|donotanswer.guard.cache: cache must be at least 1, but was 0",
                "policy=classpath:nowhere.json|donotanswer.guard.policy must be readable, but was class path resource"
                        + " [nowhere.json]",
                "policy=classpath:policy.txt|donotanswer.guard.policy must end in .json, .yaml or .yml, but was class"
                        + " path resource [policy.txt]",
                "policy=classpath:org/donotanswer/guard/springboot/wrong.json|donotanswer.guard.policy must be a"
                        + " policy, but was class path resource [org/donotanswer/guard/springboot/wrong.json]: ",
            })
    void context_wrongProperty_doesNotStart(String property, String message) {
        runner.withPropertyValues("donotanswer.guard." + property).run(context -> {
            assertThat(context).hasFailed();
            String messages = Stream.iterate(context.getStartupFailure(), Objects::nonNull, Throwable::getCause)
                    .map(String::valueOf)
                    .reduce("", (one, other) -> one + "\n" + other);
            assertThat(messages).contains(message);
        });
    }

    @Test
    void imports_nameTheConfiguration() {
        assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
                .contains(SafetyGuardAutoConfiguration.class.getName());
    }

    @Test
    void metadata_describeEveryProperty() throws IOException {
        List<String> described = new ArrayList<>();
        try (InputStream metadata = SafetyGuardAutoConfiguration.class.getResourceAsStream(
                "/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : new ObjectMapper().readTree(metadata).get("properties")) {
                described.add(property.get("name").textValue());
            }
        }
        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(names(GuardProperties.class, GuardProperties.PREFIX + "."));
    }

    private static List<String> names(Class<?> type, String prefix) {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix
                    + String.join("-", Arrays.asList(component.getName().split("(?=[A-Z])", -1)))
                            .toLowerCase(Locale.ROOT);
            names.addAll(component.getType().isRecord() ? names(component.getType(), name + ".") : List.of(name));
        }
        return names;
    }
}
