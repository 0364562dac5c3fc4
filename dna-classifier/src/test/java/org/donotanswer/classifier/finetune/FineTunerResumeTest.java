package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.donotanswer.classifier.transformer.CheckpointAccess;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings that end early leave a state from which they give the files of a training that did not. */
class FineTunerResumeTest {
    @TempDir
    private static Path shared;

    private static Path base;
    private static Map<String, String> unbroken;

    @TempDir
    private Path temporary;

    private Path directory;
    private final List<String> remarks = new ArrayList<>();
    private final AtomicInteger last = new AtomicInteger();

    /** What a training is ended by. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void trainWithoutABreak() throws Exception {
        base = CheckpointAccess.tiny(shared.resolve("base"), "bert");
        Path directory = shared.resolve("classifier");
        TinyTraining.train(setup(), TinyTraining.options().build(), FineTuningListener.NONE, directory);
        unbroken = TinyTraining.checksums(directory);
    }

    @BeforeEach
    void setUp() {
        directory = temporary.resolve("classifier");
    }

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private static ClassifierSetup setup() {
        return TinyTraining.setup(base).build();
    }

    private void train(FineTuningListener listener) throws IOException, InterruptedException {
        TinyTraining.train(setup(), TinyTraining.options().build(), listener, directory);
    }

    /** Trains to the end, and checks that all files are those of the training without a break. */
    private void assertResumed(String remark) throws Exception {
        train(new FineTuningListener() {
            @Override
            public void onRemark(String text) {
                remarks.add(text);
            }
        });
        assertThat(remarks).containsExactly(remark);
        assertThat(TinyTraining.checksums(directory)).isEqualTo(unbroken);
    }

    private Path state() {
        return directory.resolve(FineTuner.STATE_DIRECTORY);
    }

    /** An epoch has five steps, and the state is saved after every second step of all and after each epoch. */
    @ParameterizedTest
    @CsvSource({"7, 6", "8, 6", "9, 8", "10, 8", "14, 14", "15, 14"})
    void train_killedAtAStep_resumesFromTheLastSave(int step, int saved) throws Exception {
        assertThatExceptionOfType(Killed.class)
                .isThrownBy(() -> train(TinyTraining.onStep(number -> {
                    if (number == step) {
                        throw new Killed();
                    }
                })));

        assertResumed("resumed after step " + (step == 14 ? 12 : saved) + " of 15");
    }

    @Test
    void train_killedBeforeTheFirstSave_startsAnew() throws Exception {
        assertThatExceptionOfType(Killed.class)
                .isThrownBy(() -> train(TinyTraining.onStep(number -> {
                    throw new Killed();
                })));

        train(FineTuningListener.NONE);
        assertThat(TinyTraining.checksums(directory)).isEqualTo(unbroken);
    }

    @Test
    void train_killedBeforeTheStateIsDeleted_finishesAgain() throws Exception {
        Path kept = temporary.resolve("kept");
        train(new FineTuningListener() {
            @Override
            public void onEpoch(EpochFigures figures) {
                if (figures.epoch() == 3) {
                    copy(state(), kept);
                }
            }
        });
        assertThat(state()).doesNotExist();
        Files.move(kept, state());

        assertResumed("resumed after step 15 of 15");
        assertThat(state()).doesNotExist();
        assertThat(directory.resolve(FineTuner.STATE_DIRECTORY + ".finished")).doesNotExist();
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(to);
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 10", "3, 15"})
    void train_killedAfterAnEpoch_resumesAfterIt(int epoch, int step) throws Exception {
        assertThatExceptionOfType(Killed.class)
                .isThrownBy(() -> train(new FineTuningListener() {
                    @Override
                    public void onEpoch(EpochFigures figures) {
                        if (figures.epoch() == epoch) {
                            throw new Killed();
                        }
                    }
                }));

        assertResumed("resumed after step " + step + " of 15");
    }

    @Test
    void train_killedTwice_resumesTwice() throws Exception {
        for (int step : new int[] {3, 11}) {
            assertThatExceptionOfType(Killed.class)
                    .isThrownBy(() -> train(TinyTraining.onStep(number -> {
                        if (number == step) {
                            throw new Killed();
                        }
                    })));
        }

        assertResumed("resumed after step 10 of 15");
    }

    /** A process that is killed leaves files under their temporary names, or without the last one. */
    @Test
    void train_killedWhileWritingTheClassifier_writesItAgain() throws Exception {
        train(new FineTuningListener() {
            @Override
            public void onEpoch(EpochFigures figures) {
                if (figures.epoch() == TinyTraining.EPOCHS) {
                    copyState(temporary.resolve("killed"));
                }
            }
        });
        Files.move(directory, temporary.resolve("finished"));
        directory = Files.createDirectory(temporary.resolve("other")).resolve("classifier");
        TinyTraining.copy(temporary.resolve("killed"), directory);
        Files.writeString(directory.resolve("README.md"), "half");
        Files.writeString(directory.resolve("model.safetensors.123.tmp"), "half");

        assertResumed("resumed after step 15 of 15");
    }

    private void copyState(Path target) {
        try {
            TinyTraining.copy(directory, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Between any two changes of a file, what is on disk is a whole state. */
    @Test
    void train_stateOfAnySave_holdsNoOtherFiles() throws Exception {
        List<List<String>> found = new ArrayList<>();
        train(TinyTraining.onStep(number -> {
            if (number % 5 == 4) {
                found.add(List.of(state().toFile().list()).stream().sorted().toList());
            }
        }));

        assertThat(found)
                .containsExactly(
                        List.of("state-2.safetensors", "state.json"),
                        List.of("best-1.safetensors", "state-8.safetensors", "state.json"),
                        List.of("best-2.safetensors", "state-12.safetensors", "state.json"));
    }

    @Test
    void train_interrupted_savesTheStateAndResumes() throws Exception {
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> train(TinyTraining.onStep(number -> {
                    if (number == 7) {
                        Thread.currentThread().interrupt();
                    }
                })))
                .withMessage("training was interrupted after step 7");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(TinyTraining.names(directory)).containsExactly(FineTuner.STATE_DIRECTORY);

        assertResumed("resumed after step 7 of 15");
    }

    /** An interrupt closes files that are written, here those of the state or of the best weights. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void train_interruptedWhileSaving_savesTheStateAndResumes(int step) throws Exception {
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> train(TinyTraining.onStep(number -> {
                    if (number == step) {
                        Thread.currentThread().interrupt();
                    }
                })))
                .withMessage("training was interrupted after step " + step);

        assertResumed("resumed after step " + step + " of 15");
    }

    @Test
    void train_interruptedWhileReadingTheBase_hasNoState() throws Exception {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> train(FineTuningListener.NONE))
                .withMessage("training was interrupted while a file was read or written");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(directory).doesNotExist();
    }

    private void killAtStep(int step) {
        assertThatExceptionOfType(Killed.class)
                .isThrownBy(() -> train(TinyTraining.onStep(number -> {
                    if (number == step) {
                        throw new Killed();
                    }
                })));
    }

    private void assertRefused(
            ClassifierSetup setup,
            FineTuningOptions options,
            List<FineTuningExample> training,
            List<FineTuningExample> heldOut) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(
                        () -> FineTuner.builder(setup).options(options).build().train(training, heldOut, directory))
                .withMessage("state must be of the same base, data and settings, but was of others ("
                        + state().resolve("state.json") + "); to start anew, delete " + state());
    }

    @Test
    void train_stateOfOtherBaseDataOrSettings_isRefused() throws Exception {
        killAtStep(3);
        FineTuningOptions options = TinyTraining.options().build();
        List<FineTuningExample> training = TinyTraining.examples(TinyTraining.EXAMPLES, 1);
        List<FineTuningExample> heldOut = TinyTraining.examples(TinyTraining.HELD_OUT, 2);

        assertRefused(setup(), TinyTraining.options().seed(43).build(), training, heldOut);
        assertRefused(setup(), TinyTraining.options().labelSmoothing(0.1).build(), training, heldOut);
        assertRefused(TinyTraining.setup(base).seed(43).build(), options, training, heldOut);
        assertRefused(TinyTraining.setup(base).maxTokens(50).build(), options, training, heldOut);
        assertRefused(setup(), options, training.subList(0, 39), heldOut);
        assertRefused(setup(), options, training, training);
        assertRefused(setup(), options, training, List.of());
        Path other = temporary.resolve("base");
        TinyTraining.copy(base, other);
        CheckpointAccess.change(other, "bert.embeddings.LayerNorm.bias", values -> values[3] += 0.5f);
        assertRefused(TinyTraining.setup(other).build(), options, training, heldOut);
        assertThat(TinyTraining.names(state())).contains("state-2.safetensors", "state.json");
    }

    @Test
    void train_baseInShardsThatChanged_isRefused() throws Exception {
        Path sharded = CheckpointAccess.sharded(temporary.resolve("base"));
        ClassifierSetup setup = TinyTraining.setup(sharded).build();
        FineTuningOptions options = TinyTraining.options().build();
        assertThatExceptionOfType(Killed.class)
                .isThrownBy(() -> TinyTraining.train(
                        setup,
                        options,
                        TinyTraining.onStep(number -> {
                            if (number == 3) {
                                throw new Killed();
                            }
                        }),
                        directory));
        byte[] bytes = Files.readAllBytes(sharded.resolve("model-1.safetensors"));
        bytes[bytes.length - 2] ^= 1;
        Files.write(sharded.resolve("model-1.safetensors"), bytes);

        assertRefused(
                setup,
                options,
                TinyTraining.examples(TinyTraining.EXAMPLES, 1),
                TinyTraining.examples(TinyTraining.HELD_OUT, 2));
    }

    /** Where the base lies and how often the state is saved make no difference. */
    @Test
    void train_baseMovedAndOtherSaves_resumes() throws Exception {
        killAtStep(7);
        Path moved = Files.createDirectory(temporary.resolve("4")).resolve("base");
        TinyTraining.copy(base, moved);
        FineTuningOptions options = FineTuningOptions.builder()
                .epochs(TinyTraining.EPOCHS)
                .batchSize(8)
                .learningRate(0.01)
                .tokensPerPass(60)
                .stepsPerSave(1)
                .build();

        TinyTraining.train(TinyTraining.setup(moved).build(), options, FineTuningListener.NONE, directory);

        assertThat(TinyTraining.checksums(directory)).isEqualTo(unbroken);
    }

    @Test
    void train_malformedState_isRefused() throws Exception {
        killAtStep(3);
        Path file = state().resolve("state.json");
        String json = Files.readString(file);

        Files.writeString(file, json.substring(0, 20));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> train(FineTuningListener.NONE))
                .withMessage("state of the training must be JSON, but was malformed (" + file + ")");

        Files.writeString(file, json.replace("\"version\":1", "\"version\":2"));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> train(FineTuningListener.NONE))
                .withMessage("version of the state must be 1, but was 2 (" + file + ")");
    }

    /** A file that cannot be replaced acts like a full disk. */
    @ParameterizedTest
    @CsvSource({"state-4.safetensors", "state.json.PID.tmp"})
    void train_stateCannotBeWritten_keepsThePreviousState(String name) throws Exception {
        Path obstacle = state().resolve(name.replace(
                "PID", String.valueOf(ProcessHandle.current().pid())));
        assertThatIOException()
                .isThrownBy(() -> train(TinyTraining.onStep(number -> {
                    last.set(number);
                    if (number == 3) {
                        assertThat(obstacle.resolve("in the way").toFile().mkdirs())
                                .isTrue();
                    }
                })));
        assertThat(last).hasValue(4);
        Files.delete(obstacle.resolve("in the way"));
        Files.delete(obstacle);

        assertResumed("resumed after step 2 of 15");
    }

    @Test
    void train_classifierCannotBeWritten_keepsTheState() throws Exception {
        Path obstacle = directory.resolve("README.md").resolve("in the way");
        assertThatIOException()
                .isThrownBy(() -> train(TinyTraining.onStep(number -> {
                    if (number == TinyTraining.STEPS) {
                        assertThat(obstacle.toFile().mkdirs()).isTrue();
                    }
                })));
        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        assertThat(TinyTraining.names(directory)).containsExactly(FineTuner.STATE_DIRECTORY);

        assertResumed("resumed after step 15 of 15");
    }

    /** One token has an embedding that is not a number, and one example has that token. */
    @Test
    void train_lossIsNotANumber_stopsAndKeepsTheStateBeforeIt() throws Exception {
        Path broken = CheckpointAccess.tiny(temporary.resolve("base"), "bert");
        int serve = 50;
        CheckpointAccess.change(
                broken, "bert.embeddings.word_embeddings.weight", values -> values[serve * 16] = Float.NaN);
        ClassifierSetup setup = TinyTraining.setup(broken).frozenEmbeddings().build();
        List<FineTuningExample> training = new ArrayList<>(TinyTraining.examples(TinyTraining.EXAMPLES - 1, 1));
        training.add(TinyTraining.example("tea", "serve", TinyTraining.HEADS.get(0), 0));
        FineTuner tuner = FineTuner.builder(setup)
                .options(TinyTraining.options().build())
                .listener(TinyTraining.onStep(last::set))
                .build();

        String message = failure(tuner, training);
        int step = last.get() + 1;
        assertThat(step).isBetween(2, 5);
        assertThat(message)
                .isEqualTo("loss must be finite, but was NaN at step " + step + " (epoch 1, batch " + step
                        + "); the state before it is kept. A lower learning rate often helps");
        assertThat(TinyTraining.names(state())).containsExactly("state-" + (step - 1) + ".safetensors", "state.json");
        try (CheckpointWeights weights =
                CheckpointWeights.openFile(state().resolve("state-" + (step - 1) + ".safetensors"))) {
            for (String tensor : weights.names()) {
                for (float value : weights.tensor(tensor).toFloats()) {
                    assertThat(value).as(tensor).isFinite();
                }
            }
        }
        assertThat(failure(tuner, training)).isEqualTo(message);
    }

    @Test
    void train_weightsAreNotNumbers_savesNone() throws Exception {
        Path broken = CheckpointAccess.tiny(temporary.resolve("base"), "bert");
        CheckpointAccess.change(
                broken, "bert.embeddings.word_embeddings.weight", values -> values[299 * 16] = Float.NaN);
        FineTuner tuner = FineTuner.builder(TinyTraining.setup(broken).build())
                .options(TinyTraining.options().build())
                .build();

        assertThat(failure(tuner, TinyTraining.examples(TinyTraining.EXAMPLES, 1)))
                .isEqualTo("weights must be finite, but were not after step 2; the last saved state is kept. A lower"
                        + " learning rate often helps");
        assertThat(TinyTraining.names(state())).isEmpty();
    }

    @Test
    void train_lossOfHeldOutIsNotANumber_keepsTheLastState() throws Exception {
        Path broken = CheckpointAccess.tiny(temporary.resolve("base"), "bert");
        CheckpointAccess.change(
                broken, "bert.embeddings.word_embeddings.weight", values -> values[50 * 16] = Float.NaN);
        FineTuner tuner = FineTuner.builder(
                        TinyTraining.setup(broken).frozenEmbeddings().build())
                .options(TinyTraining.options().build())
                .build();

        assertThatIOException()
                .isThrownBy(() -> tuner.train(
                        TinyTraining.examples(TinyTraining.EXAMPLES, 1),
                        List.of(TinyTraining.example("tea", "serve", TinyTraining.HEADS.get(0), 0)),
                        directory))
                .withMessage("log loss of the examples held out must be finite, but was NaN after step 5 (epoch 1);"
                        + " the last saved state is kept");
        assertThat(TinyTraining.names(state())).containsExactly("state-4.safetensors", "state.json");
    }

    private String failure(FineTuner tuner, List<FineTuningExample> training) {
        try {
            tuner.train(training, List.of(), directory);
        } catch (IOException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("training must fail");
    }
}
