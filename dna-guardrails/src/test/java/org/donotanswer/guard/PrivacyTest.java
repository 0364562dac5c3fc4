package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.audit.AuditLog;
import org.donotanswer.guard.micrometer.GuardMetrics;
import org.donotanswer.guard.micrometer.GuardObservations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for a private word in everything that checks leave behind: meters, observations, audit lines and logs. */
class PrivacyTest {
    private static final String WORD = "xylophonist";
    private static final String QUESTION = "How does a " + WORD + " boil an egg?";

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ObservationRegistry observations = ObservationRegistry.create();
    private final List<String> observed = Collections.synchronizedList(new ArrayList<>());
    private final List<String> logged = Collections.synchronizedList(new ArrayList<>());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            StringWriter text = new StringWriter();
            if (entry.getThrown() != null) {
                entry.getThrown().printStackTrace(new PrintWriter(text));
            }
            logged.add(entry.getMessage() + Arrays.toString(entry.getParameters()) + text);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        Logger.getLogger("").addHandler(handler);
        observations
                .observationConfig()
                .observationHandler(new DefaultMeterObservationHandler(meters))
                .observationHandler(new ObservationHandler<Observation.Context>() {
                    @Override
                    public void onStop(Observation.Context context) {
                        observed.add(context + " " + context.getError());
                    }

                    @Override
                    public boolean supportsContext(Observation.Context context) {
                        return true;
                    }
                });
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger("").removeHandler(handler);
    }

    /** Repeats every text where it must not. */
    private static final class Blabbing implements SafetyEvaluator {
        @Override
        public Assessment evaluate(Exchange exchange) {
            if (exchange.response().contains("throw")) {
                throw new IllegalArgumentException(exchange.response());
            }
            return Assessment.Unscored.of(UnscoredReason.EVALUATOR_FAILURE, exchange.response());
        }

        @Override
        public String name() {
            return "blabbing 1.0";
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder(name(), "1").build();
        }

        @Override
        public void close() {}
    }

    private void checkAll(SafetyEvaluator evaluator, AuditLog log) {
        try (SafetyGuard guard = SafetyGuard.builder()
                .evaluator(evaluator)
                .listener(GuardMetrics.of(meters).watch(log))
                .listener(GuardObservations.of(observations))
                .listener(log)
                .listener((verdict, instruction, text) -> {
                    throw new IllegalStateException(instruction + text);
                })
                .build()) {
            guard.check(QUESTION, "Like any " + WORD + ": for eight minutes.");
            guard.check(
                    Conversation.of("I am a " + WORD)
                            .assistant("Hello, " + WORD)
                            .user(QUESTION),
                    "I'm sorry, " + WORD + ", but I can't help with that.");
            guard.check(QUESTION, " ");
            guard.check(QUESTION, WORD + " " + "\ud800");
            guard.check(QUESTION, "throw " + WORD);
            guard.checkInstruction(QUESTION);
            assertThat(guard.guarding(question -> WORD).apply(QUESTION)).isNotEmpty();
            guard.checkWindow(Conversation.of(QUESTION), WORD, "", new Verdict.Window(3, 14));
        }
    }

    private String kept(Path file) throws IOException {
        StringBuilder kept = new StringBuilder();
        meters.getMeters().forEach(meter -> kept.append(meter.getId())
                .append(meter.getId().getDescription()));
        observed.forEach(kept::append);
        logged.forEach(kept::append);
        return kept.append(Files.readString(file)).toString();
    }

    @Test
    void embeddedEvaluator_nothingKeptHasTheWord() throws IOException {
        Path file = directory.resolve("audit.jsonl");
        try (SafetyEvaluator evaluator = SafetyEvaluator.create();
                AuditLog log = AuditLog.open(file)) {
            checkAll(evaluator, log);
        }

        assertThat(observed).hasSize(8);
        assertThat(file).content().hasLineCount(8);
        assertThat(kept(file))
                .contains("BELOW_THRESHOLD", "listener {0} threw {1}")
                .doesNotContainIgnoringCase(WORD);
    }

    @Test
    void evaluatorThatBreaksItsPromise_nothingKeptHasTheWord() throws IOException {
        Path file = directory.resolve("audit.jsonl");
        try (SafetyEvaluator evaluator = new Blabbing();
                AuditLog log = AuditLog.open(file)) {
            checkAll(evaluator, log);
        }

        assertThat(kept(file)).contains("EVALUATOR_FAILURE", "EVALUATOR_FAILED").doesNotContainIgnoringCase(WORD);
    }

    @Test
    void plainTexts_haveTheWord() throws IOException {
        Path file = directory.resolve("audit.jsonl");
        try (SafetyEvaluator evaluator = SafetyEvaluator.create();
                AuditLog log = AuditLog.builder().writePlainTexts().open(file)) {
            checkAll(evaluator, log);
        }

        assertThat(file).content().contains(WORD);
    }
}
