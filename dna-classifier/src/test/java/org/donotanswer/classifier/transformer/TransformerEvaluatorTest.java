package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.ServiceLoader;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.AssessmentAssertions;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is evaluated, in which order, and what is truncated. */
class TransformerEvaluatorTest {
    private static final double ROUNDING = 1e-5;

    @TempDir
    private Path directory;

    private TransformerEvaluator load(String name) throws IOException {
        return TinyCheckpoint.open(TinyCheckpoint.copy(directory, name));
    }

    private static Scored scored(SafetyEvaluator evaluator, String response) {
        return (Scored) evaluator.evaluate(Exchange.responseOnly(response));
    }

    private static double harmful(SafetyEvaluator evaluator, String response) {
        return scored(evaluator, response).harmful().getAsDouble();
    }

    static List<Exchange> exchanges(int count, int words) {
        Random random = new Random(5);
        List<Exchange> exchanges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = random.nextInt(words); word >= 0; word--) {
                text.append(List.of("yes ", "no ", "tea ", "the ", "pot ", "?").get(random.nextInt(6)));
            }
            exchanges.add(Exchange.of("Q" + i, text.toString()));
        }
        return exchanges;
    }

    @Test
    void countTokens_countsProcessedTokens() throws IOException {
        Path path = TinyCheckpoint.copy(directory, "bert-action");
        String words = "tea ".repeat(20).strip();
        int one;
        try (TransformerEvaluator evaluator = TinyCheckpoint.open(path)) {
            one = evaluator.countTokens(Exchange.responseOnly("tea"));
            assertThat(evaluator.countTokens(Exchange.responseOnly(words))).isEqualTo(one + 19 * (one - 2));
            assertThat(evaluator.countTokens(Exchange.responseOnly(" "))).isZero();
        }
        try (TransformerEvaluator evaluator =
                TinyCheckpoint.builder(path).maxTokens(10).build()) {
            assertThat(evaluator.countTokens(Exchange.responseOnly(words))).isEqualTo(10);
        }
        try (TransformerEvaluator evaluator =
                TinyCheckpoint.builder(path).maxTokens(10).windows(2, 0).build()) {
            assertThat(evaluator.countTokens(Exchange.responseOnly(words))).isEqualTo(20);
        }
    }

    @Test
    void evaluate_oneHead_leavesOtherPredictionsEmpty() throws IOException {
        try (TransformerEvaluator harmful = load("roberta-harmful");
                TransformerEvaluator action = load("bert-action")) {
            Scored first = scored(harmful, "yes tea");
            assertThat(first.harmful()).isPresent();
            assertThat(first.actions()).isEmpty();
            assertThat(first.instructionRisk()).isEmpty();
            assertThat(first.harmTypes()).isEmpty();
            assertThat(first.evaluator()).isEqualTo("roberta-harmful");
            Scored second = scored(action, "yes tea");
            assertThat(second.harmful()).isEmpty();
            assertThat(second.actions()).isPresent();
        }
    }

    @Test
    void evaluate_twoHeads_combinesBoth() throws IOException {
        Path harmfulPath = TinyCheckpoint.copy(directory, "longformer-harmful");
        Path actionPath = TinyCheckpoint.copy(directory, "bert-action");
        try (TransformerEvaluator harmful = TransformerEvaluator.load(harmfulPath);
                TransformerEvaluator action = TinyCheckpoint.open(actionPath);
                TransformerEvaluator both = TransformerEvaluator.builder()
                        .action(actionPath)
                        .harmful(harmfulPath)
                        .build()) {
            Scored joined = scored(both, "yes tea");
            assertThat(joined.harmful()).isEqualTo(scored(harmful, "yes tea").harmful());
            assertThat(joined.actions()).isEqualTo(scored(action, "yes tea").actions());
            assertThat(both.name()).isEqualTo("longformer-harmful + bert-action");
            assertThat(both.precisions()).containsExactly(Precision.FLOAT32, Precision.FLOAT32);
            assertThat(both.evaluate("x", " ")).isEqualTo(Unscored.of(UnscoredReason.EMPTY_RESPONSE, ""));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bert-action", "longformer-action", "roberta-harmful", "distilbert-harmful", "deberta-v2-harmful"
            })
    void evaluateAll_manyLengths_equalsSingleInOrder(String name) throws IOException {
        try (TransformerEvaluator evaluator = load(name)) {
            List<Exchange> exchanges = new ArrayList<>(exchanges(60, 30));
            exchanges.add(7, Exchange.of("Q", ""));
            List<Assessment> together = evaluator.evaluateAll(exchanges);
            assertThat(together).hasSize(61);
            assertThat(together.get(7)).isInstanceOf(Unscored.class);
            for (int i = 0; i < exchanges.size(); i++) {
                AssessmentAssertions.assertSame(together.get(i), evaluator.evaluate(exchanges.get(i)), ROUNDING);
            }
        }
    }

    @Test
    void evaluateAll_tenThousand_areInOrder() throws IOException {
        Path path = TinyCheckpoint.of("bert").set("num_hidden_layers", "1").write(directory.resolve("tiny"));
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(path)) {
            List<Exchange> exchanges = exchanges(10_000, 8);
            List<Assessment> together = evaluator.evaluateAll(exchanges);
            assertThat(together).hasSize(10_000).allMatch(Assessment::isScored);
            for (int i = 0; i < 10_000; i += 499) {
                AssessmentAssertions.assertSame(together.get(i), evaluator.evaluate(exchanges.get(i)), ROUNDING);
            }
        }
    }

    @Test
    void evaluateAll_oneOrNone_works() throws IOException {
        try (TransformerEvaluator evaluator = load("bert-action")) {
            Exchange exchange = Exchange.responseOnly("yes");
            assertThat(evaluator.evaluateAll(List.of(exchange))).containsExactly(evaluator.evaluate(exchange));
            assertThat(evaluator.evaluateAll(List.of())).isEmpty();
            assertThat(evaluator.evaluateAll(List.of(Exchange.of("tea", ""), Exchange.of("", ""))))
                    .containsOnly(Unscored.of(UnscoredReason.EMPTY_RESPONSE, ""));
        }
    }

    @Test
    void evaluate_lengthAroundTheLimit_isTruncatedBeyondIt() throws IOException {
        try (TransformerEvaluator evaluator = load("distilbert-harmful")) {
            // 400 positions, [CLS] and [SEP] among them
            assertThat(scored(evaluator, "yes ".repeat(398)).truncated()).isFalse();
            assertThat(scored(evaluator, "yes ".repeat(399)).truncated()).isTrue();
            assertThat(harmful(evaluator, "yes ".repeat(399))).isEqualTo(harmful(evaluator, "yes ".repeat(398)));
        }
        try (TransformerEvaluator evaluator = TransformerEvaluator.builder()
                .checkpoint(directory.resolve("distilbert-harmful"))
                .maxTokens(5)
                .build()) {
            assertThat(scored(evaluator, "yes yes yes").truncated()).isFalse();
            assertThat(scored(evaluator, "yes yes yes no").truncated()).isTrue();
            assertThat(evaluator.provenance().parameters()).containsEntry("distilbert-harmful max tokens", "5");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-action", "longformer-action"})
    void evaluate_millionChars_isTruncated(String name) throws IOException {
        try (TransformerEvaluator evaluator = load(name)) {
            for (String text : List.of("tea ".repeat(250_000), "x".repeat(1_000_000), "\ud83d\ude42".repeat(500_000))) {
                assertThat(scored(evaluator, text).truncated()).isTrue();
                assertThat(((Scored) evaluator.evaluate(text, "yes")).truncated())
                        .isFalse();
            }
        }
    }

    @Test
    void evaluate_windows_harmfulIsThatOfTheWorst() throws IOException {
        Path path = TinyCheckpoint.copy(directory, "distilbert-harmful");
        try (TransformerEvaluator plain = TransformerEvaluator.load(path);
                TransformerEvaluator windows = TransformerEvaluator.builder()
                        .checkpoint(path)
                        .maxTokens(6)
                        .windows(3, 1)
                        .build()) {
            // four words per window, one of them repeated
            String text = "yes tea no the pot yes tea no no the";
            double worst = Math.max(
                    harmful(plain, "yes tea no the"),
                    Math.max(harmful(plain, "the pot yes tea"), harmful(plain, "tea no no the")));
            assertThat(harmful(windows, text)).isCloseTo(worst, within(ROUNDING));
            assertThat(scored(windows, text).truncated()).isFalse();
            assertThat(scored(windows, text + " no").truncated()).isTrue();
            assertThat(harmful(windows, text + " no")).isCloseTo(worst, within(ROUNDING));
            assertThat(harmful(windows, "yes")).isCloseTo(harmful(plain, "yes"), within(ROUNDING));
        }
    }

    @Test
    void evaluate_nonFiniteWeights_isUnscored() throws IOException {
        Path path = TinyCheckpoint.of("bert").write(directory.resolve("nan"));
        TinyCheckpoint.setWeight(path, "classifier.bias", List.of(2L), Float.NaN);
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(path)) {
            assertThat(evaluator.evaluate("x", "yes"))
                    .isEqualTo(Unscored.of(
                            UnscoredReason.EVALUATOR_FAILURE, "logit of output 0 must be finite, but was NaN"));
        }
        TinyCheckpoint.setWeight(path, "classifier.bias", List.of(2L), Float.POSITIVE_INFINITY);
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(path)) {
            assertThat(evaluator.evaluateAll(exchanges(3, 4)))
                    .containsOnly(Unscored.of(
                            UnscoredReason.EVALUATOR_FAILURE, "logit of output 0 must be finite, but was Infinity"));
        }
    }

    @Test
    void evaluate_inputFormats_includeTheInstructionOrNot() throws IOException {
        Path path = TinyCheckpoint.copy(directory, "bert-action");
        for (InputFormat format : List.of(InputFormat.RESPONSE_ONLY, InputFormat.SEPARATED_STRING, InputFormat.PAIR)) {
            TinyCheckpoint.setConfig(path, "input_format", '"' + format.name().toLowerCase(Locale.ROOT) + '"');
            try (TransformerEvaluator configured = TinyCheckpoint.open(path);
                    TransformerEvaluator given =
                            TransformerEvaluator.builder().action(path, format).build();
                    TransformerEvaluator preset =
                            TinyCheckpoint.builder(path).inputFormat(format).build()) {
                Assessment one = configured.evaluate("tea", "yes");
                assertThat(given.evaluate("tea", "yes")).isEqualTo(one);
                assertThat(preset.evaluate("tea", "yes")).isEqualTo(one);
                assertThat(one.equals(configured.evaluate("no no", "yes")))
                        .isEqualTo(format == InputFormat.RESPONSE_ONLY);
                assertThat(given.provenance().parameters()).containsEntry("bert-action input format", format.name());
            }
        }
        TinyCheckpoint.setConfig(path, "input_format", "\"both\"");
        assertThatThrownBy(() -> TinyCheckpoint.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(
                        "input_format must be response_only, instruction_only, separated_string or pair, but was both ("
                                + path.resolve("config.json") + ")");
    }

    @Test
    void nameAndProvenance_describeTheFiles() throws IOException {
        Path snapshot = TinyCheckpoint.copy(
                Files.createDirectories(directory.resolve("models--Some--model-ro/snapshots")), "bert-action");
        Path renamed = Files.move(snapshot, snapshot.resolveSibling("0123456789abcdef"));
        try (TransformerEvaluator evaluator = TinyCheckpoint.open(renamed)) {
            assertThat(evaluator.name()).isEqualTo("Some/model-ro 01234567");
            assertThat(evaluator.provenance().version()).isEqualTo("bert");
            assertThat(evaluator.provenance().data().keySet())
                    .containsExactly(
                            "Some/model-ro 01234567/config.json",
                            "Some/model-ro 01234567/model.safetensors",
                            "Some/model-ro 01234567/tokenizer.json");
            assertThat(evaluator.provenance().parameters())
                    .containsEntry("Some/model-ro 01234567 precision", "FLOAT32")
                    .containsEntry("Some/model-ro 01234567 max tokens", "400")
                    .hasEntrySatisfying("Some/model-ro 01234567 products", products -> assertThat(products)
                            .isIn("packed", "plain"));
            assertThat(evaluator.provenance().platform()).containsKey("PyTorch");
            assertThat(evaluator.provenance()).isSameAs(evaluator.provenance());
        }
    }

    @Test
    void provenance_twoDirectoriesOfTheSameName_hasBoth() throws IOException {
        Path harmful = Files.move(
                TinyCheckpoint.copy(directory, "roberta-harmful"),
                Files.createDirectories(directory.resolve("a")).resolve("model"));
        Path action = Files.move(
                TinyCheckpoint.copy(directory, "bert-action"),
                Files.createDirectories(directory.resolve("b")).resolve("model"));
        try (TransformerEvaluator evaluator =
                TransformerEvaluator.builder().harmful(harmful).action(action).build()) {
            assertThat(evaluator.provenance().version()).isEqualTo("roberta + bert");
            assertThat(evaluator.provenance().data())
                    .hasSize(6)
                    .containsKeys("model (harmful)/config.json", "model (action)/config.json");
        }
    }

    @Test
    void load_sameDirectoryTwice_isIndependent() throws IOException {
        Path path = TinyCheckpoint.copy(directory, "bert-action");
        try (TransformerEvaluator second = TinyCheckpoint.open(path)) {
            Assessment expected;
            try (TransformerEvaluator first = TinyCheckpoint.open(path)) {
                expected = first.evaluate("x", "yes tea");
            }
            assertThat(second.evaluate("x", "yes tea")).isEqualTo(expected);
        }
    }

    @Test
    void load_throughServiceLoader_findsCheckpoints() throws IOException {
        assertThat(ServiceLoader.load(EvaluatorProvider.class))
                .extracting(EvaluatorProvider::name)
                .contains("transformer");
        try (SafetyEvaluator evaluator = SafetyEvaluator.load(TinyCheckpoint.copy(directory, "roberta-harmful"))) {
            assertThat(evaluator).isInstanceOf(TransformerEvaluator.class);
        }
        Path empty = Files.createDirectories(directory.resolve("empty"));
        assertThatThrownBy(() -> SafetyEvaluator.load(empty))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("transformer")
                .hasMessageEndingWith("but was " + empty);
        assertThatThrownBy(() -> TransformerEvaluator.load(empty))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("checkpoint must have config.json, but had none (" + empty + ")");
    }
}
