package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.donotanswer.classifier.transformer.CheckpointAccess;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.ClassifierSetup.LowRank;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTunerTest {
    @TempDir
    private Path temporary;

    private Path base;

    @BeforeEach
    void writeBase() throws Exception {
        base = CheckpointAccess.tiny(temporary.resolve("base"), "bert");
    }

    /** Returns a new directory of always the same name. */
    private Path directory(String parent) throws Exception {
        return Files.createDirectory(temporary.resolve(parent)).resolve("classifier");
    }

    private FineTuningResult train(ClassifierSetup setup, FineTuningOptions options, Path directory) throws Exception {
        return TinyTraining.train(setup, options, FineTuningListener.NONE, directory);
    }

    private static Map<String, float[]> weights(Path file) throws IOException {
        Map<String, float[]> found = new TreeMap<>();
        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            for (String name : weights.names()) {
                found.put(name, weights.tensor(name).toFloats());
            }
        }
        return found;
    }

    @Test
    void train_sameSeeds_writesTheSameBytes() throws Exception {
        List<EpochFigures> figures = new ArrayList<>();
        List<FineTuningListener.Step> steps = new ArrayList<>();
        FineTuningListener listener = new FineTuningListener() {
            @Override
            public void onEpoch(EpochFigures epoch) {
                figures.add(epoch);
            }

            @Override
            public void onStep(Step step) {
                steps.add(step);
            }
        };
        Path first = directory("first");
        Path second = directory("second");

        FineTuningResult result = TinyTraining.train(
                TinyTraining.setup(base).build(), TinyTraining.options().build(), listener, first);
        FineTuningResult again =
                train(TinyTraining.setup(base).build(), TinyTraining.options().build(), second);

        assertThat(TinyTraining.names(first))
                .containsExactly("README.md", "config.json", "model.safetensors", "tokenizer.json");
        assertThat(TinyTraining.checksums(second)).isEqualTo(TinyTraining.checksums(first));
        assertThat(again).isEqualTo(result);
        assertThat(result.steps()).isEqualTo(TinyTraining.STEPS);
        assertThat(result.truncated()).isZero();
        assertThat(result.remarks())
                .containsExactly(
                        "weights that start at random: classifier.weight, classifier.bias",
                        "labels of the head action without an example: refute opinion, dual perspectives, cautious"
                                + " disclaimer, unable or uncertain");
        assertThat(figures).isEqualTo(result.epochs()).hasSize(TinyTraining.EPOCHS);
        assertThat(figures.get(2).trainingLoss()).isLessThan(figures.get(0).trainingLoss());
        assertThat(steps).extracting(FineTuningListener.Step::number).containsExactlyElementsOf(upTo(15));
        assertThat(steps)
                .extracting(FineTuningListener.Step::epoch)
                .startsWith(1, 1, 1, 1, 1, 2)
                .endsWith(2, 3, 3, 3, 3, 3);
        assertThat(steps.get(0).learningRate()).isZero();
        assertThat(steps.get(2).learningRate()).isEqualTo(0.01);
        assertThat(steps.get(14).remaining()).isZero();
        assertThat(steps).allMatch(step -> step.total() == 15 && step.tokensPerSecond() > 0);
    }

    private static List<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void train_otherSeeds_writesOtherWeights() throws Exception {
        Path first = directory("first");
        Path order = directory("order");
        Path start = directory("start");
        FineTuningOptions options = TinyTraining.options().build();
        train(TinyTraining.setup(base).build(), options, first);
        train(TinyTraining.setup(base).build(), TinyTraining.options().seed(43).build(), order);
        train(TinyTraining.setup(base).seed(43).build(), options, start);

        assertThat(Set.of(
                        Sha256.of(first.resolve("model.safetensors")),
                        Sha256.of(order.resolve("model.safetensors")),
                        Sha256.of(start.resolve("model.safetensors"))))
                .hasSize(3);
    }

    private ClassifierSetup fromScratch() {
        return ClassifierSetup.builder(base)
                .fromScratch()
                .heads(List.of(HeadKind.HARMFUL))
                .dropout(0.1)
                .threads(1)
                .build();
    }

    private static FineTuningOptions.Builder learning() {
        return FineTuningOptions.builder()
                .epochs(15)
                .batchSize(4)
                .learningRate(0.01)
                .warmUp(0);
    }

    /** Returns responses with labels of one head, that can be told by a word, or the opposite ones. */
    private static List<FineTuningExample> harmful(long seed, boolean opposite) {
        List<FineTuningExample> examples = new ArrayList<>();
        for (FineTuningExample example : TinyTraining.examples(TinyTraining.EXAMPLES, seed)) {
            String response = example.response().orElseThrow();
            int label = response.contains("boil") == opposite ? 0 : 1;
            examples.add(TinyTraining.example("", response, HeadKind.HARMFUL, label));
        }
        return examples;
    }

    /** The examples held out have the wrong labels, so that they get worse from epoch to epoch. */
    @Test
    void train_heldOutGetWorse_keepsTheFirstEpochAndStopsOutOfPatience() throws Exception {
        Path kept = temporary.resolve("kept");
        Path directory = directory("trained");
        FineTuningListener listener = new FineTuningListener() {
            @Override
            public void onEpoch(EpochFigures figures) {
                if (figures.epoch() == 1) {
                    copy(directory.resolve(".training").resolve("best-1.safetensors"), kept);
                }
            }
        };

        FineTuningResult result = FineTuner.builder(fromScratch())
                .options(learning().patience(2).build())
                .listener(listener)
                .build()
                .train(harmful(1, false), harmful(1, true), directory);

        assertThat(result.bestEpoch()).isEqualTo(1);
        assertThat(result.epochs()).hasSize(3);
        assertThat(result.steps()).isEqualTo(30);
        assertThat(result.epochs().get(1).score())
                .isGreaterThan(result.epochs().get(0).score());
        assertThat(result.epochs().get(2).score())
                .isGreaterThan(result.epochs().get(0).score());
        Map<String, float[]> best = weights(kept);
        assertThat(weights(directory.resolve("model.safetensors")))
                .containsAllEntriesOf(best)
                .hasSameSizeAs(best);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void train_nothingHeldOut_keepsTheLastEpoch() throws Exception {
        Path directory = directory("trained");
        FineTuningResult result = FineTuner.builder(TinyTraining.setup(base).build())
                .options(TinyTraining.options().patience(1).build())
                .build()
                .train(TinyTraining.examples(TinyTraining.EXAMPLES, 1), List.of(), directory);

        assertThat(result.bestEpoch()).isEqualTo(3);
        assertThat(result.calibrations()).isEmpty();
        assertThat(result.epochs()).hasSize(3).allMatch(epoch -> Double.isNaN(epoch.score()));
        assertThat(Files.readString(directory.resolve("config.json"))).doesNotContain("temperature");
    }

    @Test
    void train_manyEpochs_learnsTheLabels() throws Exception {
        Path directory = directory("trained");
        FineTuningResult result = FineTuner.builder(fromScratch())
                .options(learning().build())
                .build()
                .train(harmful(1, false), harmful(2, false), directory);

        EpochFigures best = result.epochs().get(result.bestEpoch() - 1);
        assertThat(best.heads().get(HeadKind.HARMFUL).accuracy()).isGreaterThan(0.95);
        assertThat(result.remarks()).containsExactly("all weights start at random");
        try (SafetyEvaluator evaluator = SafetyEvaluator.load(directory)) {
            Assessment.Scored harmful = (Assessment.Scored) evaluator.evaluate("", "tea milk boil no");
            Assessment.Scored harmless = (Assessment.Scored) evaluator.evaluate("", "tea milk pour no");
            assertThat(harmful.harmful().orElseThrow()).isGreaterThan(0.9);
            assertThat(harmless.harmful().orElseThrow()).isLessThan(0.1);
        }
    }

    @Test
    void train_longTexts_countsTheTruncated() throws Exception {
        FineTuningResult result = train(
                TinyTraining.setup(base).maxTokens(12).build(),
                TinyTraining.options().build(),
                directory("trained"));

        long longer = TinyTraining.examples(TinyTraining.EXAMPLES, 1).stream()
                .filter(example ->
                        (example.instruction() + " " + example.response().orElseThrow()).split(" ").length > 9)
                .count();
        assertThat(result.truncated()).isEqualTo(longer).isBetween(5L, 35L);
    }

    /** Texts may be longer than the positions of the base; they are cut. */
    @Test
    void train_textsBeyondThePositions_areCut() throws Exception {
        List<FineTuningExample> training = List.of(
                TinyTraining.example("tea", "milk ".repeat(97), HeadKind.HARMFUL, 0),
                TinyTraining.example("tea", "milk ".repeat(96), HeadKind.HARMFUL, 1),
                TinyTraining.example("tea", "milk ".repeat(500), HeadKind.HARMFUL, 1));
        FineTuningResult result = FineTuner.builder(ClassifierSetup.builder(base)
                        .heads(List.of(HeadKind.HARMFUL))
                        .threads(1)
                        .build())
                .build()
                .train(training, List.of(), directory("trained"));

        assertThat(result.truncated()).isEqualTo(2);
    }

    @Test
    void train_examplesThatCannotBeRead_areLeftOutWithARemark() throws Exception {
        List<FineTuningExample> training = new ArrayList<>(TinyTraining.examples(8, 1));
        training.add(TinyTraining.example("tea", "milk", HeadKind.REFUSAL, 1));
        training.add(TinyTraining.example("tea", " ", HeadKind.HARMFUL, 1));
        List<FineTuningExample> heldOut = List.of(TinyTraining.example("tea", "milk", HeadKind.REFUSAL, 1));

        FineTuningResult result = FineTuner.builder(TinyTraining.setup(base)
                        .format(InputFormat.RESPONSE_ONLY)
                        .build())
                .build()
                .train(training, heldOut, directory("trained"));

        assertThat(result.steps()).isEqualTo(3);
        assertThat(result.epochs()).allMatch(epoch -> epoch.heads().isEmpty());
        assertThat(result.remarks())
                .endsWith(
                        "2 of 10 examples (training) were left out, as they lack the text that the classifier reads or"
                                + " labels of its heads",
                        "1 of 1 examples (held out) were left out, as they lack the text that the classifier reads or"
                                + " labels of its heads");
    }

    @Test
    void train_allHeads_isLoadedWithAllOfThem() throws Exception {
        List<FineTuningExample> training = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Map<HeadKind, List<Double>> targets = new EnumMap<>(HeadKind.class);
            for (HeadKind head : HeadKind.values()) {
                targets.put(head, TinyTraining.oneHot(head.outputs(), i % head.outputs()));
            }
            training.add(new FineTuningExample(
                    "tea " + TinyTraining.words(new Random(i), 3), Optional.of("milk"), targets, "made up", 1));
        }
        Path directory = directory("trained");
        FineTuningResult result = FineTuner.builder(ClassifierSetup.builder(base)
                        .heads(List.of(HeadKind.values()))
                        .threads(1)
                        .build())
                .options(FineTuningOptions.builder().epochs(1).build())
                .build()
                .train(training, training, directory);

        assertThat(result.calibrations()).containsOnlyKeys(HeadKind.values());
        assertThat(result.remarks())
                .containsExactly("weights that start at random: classifier.weight, classifier.bias");
        try (SafetyEvaluator evaluator = SafetyEvaluator.load(directory)) {
            Assessment.Scored scored = (Assessment.Scored) evaluator.evaluate("tea", "milk sugar");
            assertThat(scored.harmful()).isPresent();
            assertThat(scored.instructionRisk()).isPresent();
            assertThat(scored.refusalProbability()).isPresent();
            assertThat(scored.actions()).isPresent();
            assertThat(scored.harmTypes()).isPresent();
        }
    }

    @Test
    void train_frozenWeights_areKeptBitForBit() throws Exception {
        Path directory = directory("trained");
        train(
                TinyTraining.setup(base).frozenEmbeddings().frozenLayers(1).build(),
                TinyTraining.options().build(),
                directory);

        assertThat(changed(directory))
                .isNotEmpty()
                .allMatch(name ->
                        name.contains(".layer.1.") || name.contains("pooler.") || name.startsWith("classifier."))
                .contains("bert.encoder.layer.1.output.LayerNorm.bias", "bert.pooler.dense.weight");
    }

    /** Returns the names of the tensors that are not those of the base, bit for bit. */
    private Set<String> changed(Path directory) throws IOException {
        Map<String, float[]> before = weights(base.resolve("model.safetensors"));
        Map<String, float[]> after = weights(directory.resolve("model.safetensors"));
        assertThat(after).hasSameSizeAs(before);
        Set<String> changed = new TreeSet<>();
        after.forEach((name, values) -> {
            if (!Arrays.equals(values, before.get(name))) {
                changed.add(name);
            }
        });
        return changed;
    }

    @Test
    void train_lowRankChange_changesItsMatricesAndTheHeadAlone() throws Exception {
        Path whole = directory("whole");
        Path delta = directory("delta");
        ClassifierSetup setup = TinyTraining.setup(base)
                .lowRank(new LowRank(2, 4, List.of("query", "value")))
                .build();
        FineTuningResult result = train(setup, TinyTraining.options().build(), whole);
        FineTuner.builder(setup)
                .options(TinyTraining.options().build())
                .form(FineTuner.Form.DELTA)
                .build()
                .train(
                        TinyTraining.examples(TinyTraining.EXAMPLES, 1),
                        TinyTraining.examples(TinyTraining.HELD_OUT, 2),
                        delta);

        assertThat(changed(whole))
                .containsExactly(
                        "bert.encoder.layer.0.attention.self.query.weight",
                        "bert.encoder.layer.0.attention.self.value.weight",
                        "bert.encoder.layer.1.attention.self.query.weight",
                        "bert.encoder.layer.1.attention.self.value.weight",
                        "bert.pooler.dense.bias",
                        "bert.pooler.dense.weight",
                        "classifier.bias",
                        "classifier.weight");
        assertThat(result.trainedWeights()).isEqualTo(4 * 2 * 2 * 16 + 16 * 16 + 16 + 8 * 16 + 8);
        assertThat(TinyTraining.names(delta))
                .containsExactly("README.md", "adapter_config.json", "adapter_model.safetensors", "delta.json");
        assertThat(weights(delta.resolve("adapter_model.safetensors"))).hasSize(4 * 2 + 4);
        Path merged = directory("merged");
        Delta.merge(base, delta, merged);
        assertThat(merged.resolve("model.safetensors")).hasSameBinaryContentAs(whole.resolve("model.safetensors"));
    }

    @Test
    void train_directoryWithFiles_isRefused() throws Exception {
        Path directory = Files.createDirectories(directory("trained"));
        Files.writeString(directory.resolve("notes.txt"), "mine");

        assertThatIOException()
                .isThrownBy(() -> train(
                        TinyTraining.setup(base).build(), TinyTraining.options().build(), directory))
                .withMessage("directory must be new or empty, but held notes.txt (" + directory + ")");
        assertThat(TinyTraining.names(directory)).containsExactly("notes.txt");
    }

    @Test
    void train_tooFewClasses_isRefusedBeforeAnythingIsWritten() throws Exception {
        Path directory = directory("trained");
        FineTuner tuner = FineTuner.builder(TinyTraining.setup(base).build()).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tuner.train(
                        List.of(TinyTraining.example("tea", "milk", HeadKind.HARMFUL, 1)), List.of(), directory))
                .withMessage("labels of the head harmful must be at least two of [harmless, harmful], but were"
                        + " [harmful]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tuner.train(List.of(), List.of(), directory))
                .withMessage("labels of the head harmful must be at least two of [harmless, harmful], but were []");
        assertThat(directory).doesNotExist();
    }

    @Test
    void build_contradictions_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        FineTuner.builder(ClassifierSetup.builder(base).build()).build())
                .withMessage("heads must be named, but were none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FineTuner.builder(TinyTraining.setup(base).build())
                        .form(FineTuner.Form.DELTA)
                        .build())
                .withMessage("form must be WHOLE without low-rank changes, but was DELTA");
        assertThatIllegalStateException()
                .isThrownBy(() -> FineTuner.builder(TinyTraining.setup(base).build())
                        .data("a.jsonl", "00")
                        .data("a.jsonl", "01"))
                .withMessage("data a.jsonl must be set once, but was 00 and then 01");
    }
}
