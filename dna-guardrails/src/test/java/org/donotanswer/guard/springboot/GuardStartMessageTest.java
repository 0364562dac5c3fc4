package org.donotanswer.guard.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class GuardStartMessageTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(SafetyGuardAutoConfiguration.class, ChatClientAutoConfiguration.class));
    private final List<LogRecord> logged = new ArrayList<>();
    private final Logger logger = Logger.getLogger(SafetyGuardAutoConfiguration.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord message) {
            logged.add(message);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        logger.setLevel(Level.ALL);
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
        logger.setLevel(null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throwing=false|every ChatClient.Builder is guarded by do-not-answer-embedded 2, which blocks from 0.5",
                "policy=classpath:org/donotanswer/guard/springboot/strict.json|every ChatClient.Builder is guarded by"
                        + " do-not-answer-embedded 2, which blocks from 0.25",
                "fail-mode=open|every ChatClient.Builder is guarded by do-not-answer-embedded 2, which blocks from 0.5 and fails"
                        + " open",
                "shadow=true|every ChatClient.Builder is guarded by do-not-answer-embedded 2, which blocks nothing, as its"
                        + " policy is in shadow mode",
                "advise-chat-clients=false|no ChatClient.Builder is guarded, as donotanswer.guard.advise-chat-clients is false",
            })
    void start_withProperty_logsOneLine(String property, String message) {
        runner.withPropertyValues("donotanswer.guard." + property)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(logged).singleElement().satisfies(line -> {
            assertThat(line.getMessage()).isEqualTo(message);
            assertThat(line.getLevel()).isEqualTo(Level.INFO);
        });
    }

    @Test
    void start_applicationsOwnAdvisor_describesItsGuard() {
        SafetyPolicy policy =
                SafetyPolicy.builder().defaultRule(Rule.block(0.75)).build();
        runner.withBean(SafetyAdvisor.class, () -> SafetyAdvisor.of(SafetyGuard.of(SafetyEvaluator.create(), policy)))
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(logged)
                .extracting(LogRecord::getMessage)
                .containsExactly(
                        "every ChatClient.Builder is guarded by do-not-answer-embedded 2, which blocks from 0.75");
    }

    @Test
    void start_eachContext_logsItsOwnLine() {
        runner.run(first -> runner.run(second -> assertThat(second).hasNotFailed()));
        assertThat(logged).hasSize(2);
    }

    @Test
    void start_switchedOff_logsNothing() {
        runner.withPropertyValues("donotanswer.guard.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(logged).isEmpty();
    }

    @Test
    void start_withoutSpringAi_logsNothing() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SafetyGuardAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.ai"))
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(logged).isEmpty();
    }
}
