package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.AssessmentAssertions;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The builder's options. */
class TransformerEvaluatorOptionsTest {
    private static final Path A = Path.of("a");
    private static final Path B = Path.of("b");

    @TempDir
    private Path directory;

    private static TransformerEvaluator.Builder builder() {
        return TransformerEvaluator.builder();
    }

    private static Arguments option(UnaryOperator<TransformerEvaluator.Builder> option, String message) {
        return Arguments.of(option, message);
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                option(b -> b.maxTokens(0), "maxTokens must be in 1..2147483647, but was 0"),
                option(b -> b.windows(0, 0), "windows must be in 1..100000, but was 0"),
                option(b -> b.windows(100_001, 0), "windows must be in 1..100000, but was 100001"),
                option(b -> b.windows(2, -1), "overlap must be in 0..2147483647, but was -1"),
                option(b -> b.threads(0), "threads must be in 1..1024, but was 0"),
                option(b -> b.threads(1_025), "threads must be in 1..1024, but was 1025"),
                option(b -> b.batchTokens(0), "batchTokens must be in 1..16777216, but was 0"),
                option(b -> b.batchTokens(1 << 25), "batchTokens must be in 1..16777216, but was 33554432"),
                option(b -> b.batchRows(0), "batchRows must be in 1..65536, but was 0"),
                option(b -> b.batchRows(65_537), "batchRows must be in 1..65536, but was 65537"),
                option(
                        b -> b.batchDelay(Duration.ofNanos(-1)),
                        "batchDelay must be in 0s..1m, but was PT-0.000000001S"),
                option(b -> b.batchDelay(Duration.ofSeconds(61)), "batchDelay must be in 0s..1m, but was PT1M1S"));
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void option_outOfRange_isRefused(UnaryOperator<TransformerEvaluator.Builder> option, String message) {
        TransformerEvaluator.Builder builder = builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> option.apply(builder))
                .withMessage(message);
    }

    static Stream<Arguments> twice() {
        return Stream.of(
                option(b -> b.checkpoint(A).checkpoint(B), "checkpoint must be set once, but was a and then b"),
                option(b -> b.harmful(A).harmful(B), "harmful must be set once, but was a and then b"),
                option(
                        b -> b.action(A, InputFormat.PAIR).action(B),
                        "action must be set once, but was a as PAIR and then b"),
                option(
                        b -> b.harmful(A).harmful(A, InputFormat.PAIR),
                        "harmful must be set once, but was a and then a as PAIR"),
                option(
                        b -> b.inputFormat(InputFormat.PAIR).inputFormat(InputFormat.PAIR),
                        "inputFormat must be set once, but was PAIR and then PAIR"),
                option(
                        b -> b.labels(Map.of(0, "x")).labels(Map.of(0, "y")),
                        "labels must be set once, but was {0=x} and then {0=y}"),
                option(b -> b.maxTokens(1).maxTokens(2), "maxTokens must be set once, but was 1 and then 2"),
                option(b -> b.windows(1, 0).windows(2, 0), "windows must be set once, but was 1 and then 2"),
                option(
                        b -> b.precision(Precision.AUTO).precision(Precision.FLOAT16),
                        "precision must be set once, but was AUTO and then FLOAT16"),
                option(b -> b.threads(1).threads(2), "threads must be set once, but was 1 and then 2"),
                option(b -> b.batchTokens(1).batchTokens(2), "batchTokens must be set once, but was 1 and then 2"),
                option(b -> b.batchRows(1).batchRows(2), "batchRows must be set once, but was 1 and then 2"),
                option(
                        b -> b.batchDelay(Duration.ZERO).batchDelay(Duration.ZERO),
                        "batchDelay must be set once, but was PT0S and then PT0S"),
                option(b -> b.warmUp(true).warmUp(false), "warmUp must be set once, but was true and then false"));
    }

    @ParameterizedTest
    @MethodSource("twice")
    void option_twice_isRefused(UnaryOperator<TransformerEvaluator.Builder> option, String message) {
        TransformerEvaluator.Builder builder = builder();
        assertThatIllegalStateException()
                .isThrownBy(() -> option.apply(builder))
                .withMessage(message);
    }

    static Stream<Arguments> combinations() {
        return Stream.of(
                option(b -> b, "checkpoint must be set, but was not"),
                option(b -> b.checkpoint(A).harmful(B), "checkpoint must be set alone, but was a with b"),
                option(b -> b.checkpoint(A).action(B), "checkpoint must be set alone, but was a with b"),
                option(b -> b.checkpoint(A).instruction(B), "checkpoint must be set alone, but was a with b"),
                option(b -> b.labels(Map.of(0, "x")), "checkpoint must be set, but was not"));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void build_optionsThatExcludeEachOther_isRefused(
            UnaryOperator<TransformerEvaluator.Builder> option, String message) {
        TransformerEvaluator.Builder builder = option.apply(builder());
        assertThatIllegalStateException().isThrownBy(builder::build).withMessage(message);
    }

    @Test
    @SuppressWarnings("NullAway")
    void option_null_namesParameter() {
        assertThatNullPointerException()
                .isThrownBy(() -> builder().checkpoint(null))
                .withMessage("directory");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().harmful(A, null))
                .withMessage("format");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().batchDelay(null))
                .withMessage("value");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().labels(null))
                .withMessage("value");
    }

    @Test
    void build_headsSwapped_isRefused() throws IOException {
        Path harmful = TinyCheckpoint.copy(directory, "roberta-harmful");
        Path action = TinyCheckpoint.copy(directory, "bert-action");
        assertThatThrownBy(() -> builder().harmful(action).action(harmful).build())
                .isInstanceOf(CheckpointException.class)
                .hasMessage(
                        "labels must tell what the head predicts, but were [LABEL_0, LABEL_1, LABEL_2, LABEL_3, LABEL_4,"
                                + " LABEL_5] (config.json); say what they mean with labels(..) or --labels, for example"
                                + " 0=harmless,1=harmful; if they are Do-Not-Answer's actions, use action(..) or --action-model");
        assertThatThrownBy(() -> builder().harmful(harmful).action(harmful).build())
                .isInstanceOf(CheckpointException.class)
                .hasMessage("kind of the head must be ACTION, but was HARMFUL (" + harmful + ")");
    }

    @Test
    void build_optionsThatDoNotSuitTheCheckpoint_areRefused() throws IOException {
        Path path = TinyCheckpoint.copy(directory, "bert-action");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().action(path).maxTokens(401).build())
                .withMessage("maxTokens must be at most 400 for this checkpoint, but was 401");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().action(path).maxTokens(2).build())
                .withMessage("maxTokens must be at least 3 for RESPONSE_ONLY with this tokenizer, but was 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().action(path).windows(2, 398).build())
                .withMessage("windowOverlap must be less than 398 for RESPONSE_ONLY with 400 tokens, but was 398");
        try (TransformerEvaluator evaluator =
                builder().action(path).maxTokens(400).windows(2, 397).build()) {
            assertThat(evaluator.evaluate("", "yes").isScored()).isTrue();
        }
    }

    @Test
    void build_labels_replaceThoseOfTheCheckpoint() throws IOException {
        Path path = TinyCheckpoint.copy(directory, "roberta-harmful");
        try (TransformerEvaluator plain = TransformerEvaluator.load(path);
                TransformerEvaluator swapped = builder()
                        .checkpoint(path)
                        .labels(Map.of(0, "harmful", 1, "harmless"))
                        .build()) {
            double harmful = ((Scored) plain.evaluate("", "yes")).harmful().getAsDouble();
            assertThat(((Scored) swapped.evaluate("", "yes")).harmful().getAsDouble())
                    .isCloseTo(1 - harmful, within(1e-9));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        builder().checkpoint(path).labels(Map.of(2, "harmful")).build())
                .withMessage("labels must be for outputs 0..1 or [LABEL_0, LABEL_1], but were for '2' (option labels)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder()
                        .checkpoint(path)
                        .labels(Map.of(0, "a", 1, "b"))
                        .build())
                .withMessage(
                        "label of output 0 must be harmful, harmless, injection, refusal, compliance, unused or an action,"
                                + " but was 'a' (option labels; for example 0=harmless,1=harmful)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().checkpoint(path).labels(Map.of()).build())
                .withMessage("labels must name the outputs, but were empty");
    }

    @Test
    void build_labelsOfActions_mayIncludeAnUnusedOutput() throws IOException {
        Path path = TinyCheckpoint.copy(directory, "longformer-action");
        Map<Integer, String> labels = Map.of(
                0,
                "unused",
                1,
                "CANNOT_ASSIST",
                2,
                "REFUTE_OPINION",
                3,
                "DUAL_PERSPECTIVES",
                4,
                "CAUTIOUS_DISCLAIMER",
                5,
                "UNABLE_OR_UNCERTAIN",
                6,
                "FOLLOW_INSTRUCTION");
        try (TransformerEvaluator evaluator =
                builder().checkpoint(path).labels(labels).build()) {
            Scored scored = (Scored) evaluator.evaluate("", "yes");
            assertThat(scored.actions().get().probabilities()).hasSize(ResponseAction.values().length);
        }
    }

    @Test
    void build_everyOption_returnsTheSameAssessments() throws IOException {
        Path path = TinyCheckpoint.copy(directory, "bert-action");
        try (TransformerEvaluator plain = TinyCheckpoint.open(path);
                TransformerEvaluator tuned = TinyCheckpoint.builder(path)
                        .inputFormat(InputFormat.RESPONSE_ONLY)
                        .maxTokens(60)
                        .windows(1, 7)
                        .precision(Precision.FLOAT32)
                        .threads(1)
                        .batchTokens(1)
                        .batchRows(1)
                        .batchDelay(Duration.ZERO)
                        .warmUp(false)
                        .build()) {
            var exchanges = TransformerEvaluatorTest.exchanges(20, 30);
            List<Assessment> expected = plain.evaluateAll(exchanges);
            for (int i = 0; i < 20; i++) {
                AssessmentAssertions.assertSame(tuned.evaluateAll(exchanges).get(i), expected.get(i), 1e-5);
            }
        }
    }
}
