package org.donotanswer.classifier.finetune;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tunes transformer classifiers. The same examples in the same order with the same setup and options give the same files
 * on the same machine, with the same number of threads, whether or not the training was interrupted.
 *
 * <p>Not thread-safe; the training runs on the calling thread, and PyTorch uses further threads for each operation.
 */
public final class FineTuner {
    /** The subdirectory with the state of a training that has not ended. */
    public static final String STATE_DIRECTORY = OutputDirectory.STATE_DIRECTORY;

    private final ClassifierSetup setup;
    private final FineTuningOptions options;
    private final FineTuningListener listener;
    private final Map<String, String> data;
    private final Form form;
    private final @Nullable String baseName;
    private final @Nullable String command;
    private final @Nullable String license;

    /** What is written at the end. Immutable, hence thread-safe. */
    public enum Form {
        /** All weights, in Hugging Face's layout. */
        WHOLE,
        /** Low-rank factors and heads alone, in PEFT's layout, with the checksum of the base. */
        DELTA
    }

    private FineTuner(Builder builder) {
        setup = builder.setup;
        options = builder.options == null ? FineTuningOptions.builder().build() : builder.options;
        listener = builder.listener == null ? FineTuningListener.NONE : builder.listener;
        data = Collections.unmodifiableMap(new LinkedHashMap<>(builder.data));
        form = builder.form == null ? Form.WHOLE : builder.form;
        baseName = builder.baseName;
        command = builder.command;
        license = builder.license;
        if (form == Form.DELTA && setup.lowRank().isEmpty()) {
            throw new IllegalArgumentException("form must be WHOLE without low-rank changes, but was DELTA");
        }
        if (setup.heads().isEmpty()) {
            throw new IllegalArgumentException("heads must be named, but were none");
        }
    }

    /** Returns a builder. */
    public static Builder builder(ClassifierSetup setup) {
        return new Builder(setup);
    }

    /**
     * Checks that a classifier can be written to a directory: that it is new, empty, or that of a training that has not ended.
     *
     * @throws IOException if it holds other files, or is a file
     */
    public static void requireFree(Path directory) throws IOException {
        OutputDirectory.requireFree(directory);
    }

    /**
     * Trains a classifier and writes it to a directory, which is new, empty, or holds the state of the same training, which is
     * then resumed.
     *
     * @param training the examples to train on
     * @param heldOut examples to measure each epoch on, by which the best epoch is kept and the heads are calibrated; if
     *     empty, the last epoch is kept
     * @throws IllegalArgumentException if a head has labels of fewer than two classes, or an option does not suit the base
     * @throws IOException if a file cannot be read or written, the directory holds anything else, or the loss is not finite;
     *     the last good state is kept then
     * @throws InterruptedException if the thread is interrupted; the state is saved first, unless a file of the base or the
     *     classifier is being read or written
     */
    public FineTuningResult train(List<FineTuningExample> training, List<FineTuningExample> heldOut, Path directory)
            throws IOException, InterruptedException {
        try {
            return trainInto(training, heldOut, directory);
        } catch (ClosedByInterruptException e) {
            // Whoever reads or writes a file is interrupted by its closing.
            Thread.interrupted();
            InterruptedException interrupted =
                    new InterruptedException("training was interrupted while a file was read or written");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private FineTuningResult trainInto(
            List<FineTuningExample> training, List<FineTuningExample> heldOut, Path directory)
            throws IOException, InterruptedException {
        requireFree(directory);
        Path stateDirectory = directory.resolve(STATE_DIRECTORY);
        try (TrainableClassifier classifier = setup.open()) {
            TokenizedExamples train = TokenizedExamples.drawn(training, classifier, options.seed());
            TokenizedExamples test = TokenizedExamples.beginnings(heldOut, classifier);
            TrainingRun run = new TrainingRun(
                    classifier,
                    options,
                    listener,
                    train,
                    test,
                    new TrainingState(stateDirectory),
                    TrainingFingerprint.of(setup, options, training, heldOut));
            Files.createDirectories(stateDirectory);
            TrainingState.Point end = run.train();
            List<String> remarks = new ArrayList<>(classifier.remarks());
            remarks.addAll(TargetTable.missingLabels(train.examples(), setup.heads()));
            train.remark("training").ifPresent(remarks::add);
            test.remark("held out").ifPresent(remarks::add);
            Map<HeadKind, HeadCalibration> calibrations = calibrate(classifier, test);
            FineTuningResult result = new FineTuningResult(
                    end.epochs(),
                    end.bestEpoch(),
                    calibrations,
                    end.step(),
                    classifier.trainedElements(),
                    train.truncated(),
                    remarks);
            write(classifier, result, train, directory);
            run.state().delete();
            return result;
        }
    }

    private Map<HeadKind, HeadCalibration> calibrate(TrainableClassifier classifier, TokenizedExamples test) {
        Map<HeadKind, HeadCalibration> calibrations = new EnumMap<>(HeadKind.class);
        if (test.size() > 0) {
            float[][] logits = test.logits(classifier, options.tokensPerPass());
            HeadScores.rows(test.examples(), logits, setup.heads())
                    .forEach((head, rows) ->
                            calibrations.put(head, HeadCalibration.fit(rows.logits(), rows.targets(), rows.weights())));
        }
        return calibrations;
    }

    private void write(
            TrainableClassifier classifier, FineTuningResult result, TokenizedExamples training, Path directory)
            throws IOException {
        String card = card(result, training, directory).text();
        if (form == Form.WHOLE) {
            ClassifierWriter.writeWhole(classifier, setup, result.calibrations(), card, directory);
        } else {
            ClassifierWriter.writeDelta(classifier, setup, result.calibrations(), baseName(), card, directory);
        }
    }

    private ModelCard card(FineTuningResult result, TokenizedExamples training, Path directory) throws IOException {
        ModelCard.Builder card = ModelCard.builder(nameOf(directory))
                .base(baseName())
                .setup(setup)
                .options(options)
                .result(result);
        if (command != null) {
            card.command(command);
        }
        if (license != null) {
            card.license(license);
        }
        if (form == Form.DELTA) {
            card.delta();
        }
        data.forEach(card::data);
        Map<String, Long> sources = new TreeMap<>();
        training.examples().forEach(example -> sources.merge(example.source(), 1L, Long::sum));
        sources.forEach(card::source);
        return card.build();
    }

    /** Returns the name of the base: the given one, that in its configuration, or that of its directory. */
    private String baseName() throws IOException {
        return baseName != null ? baseName : setup.baseName().orElse(nameOf(setup.base()));
    }

    private static String nameOf(Path directory) {
        return String.valueOf(directory.toAbsolutePath().normalize().getFileName());
    }

    /** Builds a tuner. Each value can be set once. Not thread-safe. */
    public static final class Builder {
        private final ClassifierSetup setup;
        private final Map<String, String> data = new LinkedHashMap<>();
        private @Nullable FineTuningOptions options;
        private @Nullable FineTuningListener listener;
        private @Nullable Form form;
        private @Nullable String baseName;
        private @Nullable String command;
        private @Nullable String license;

        private Builder(ClassifierSetup setup) {
            this.setup = Objects.requireNonNull(setup, "setup");
        }

        /** Sets the options; the default is all defaults. */
        public Builder options(FineTuningOptions value) {
            options = BuilderChecks.setOnce("options", options, value);
            return this;
        }

        /** Sets who is told how the training proceeds; the default is nobody. */
        public Builder listener(FineTuningListener value) {
            listener = BuilderChecks.setOnce("listener", listener, value);
            return this;
        }

        /** Adds a file with training data, which the model card names with its checksum. */
        public Builder data(String name, String sha256) {
            data.put(name, BuilderChecks.setOnce("data " + name, data.get(name), sha256));
            return this;
        }

        /** Sets what is written; the default is {@link Form#WHOLE}. */
        public Builder form(Form value) {
            form = BuilderChecks.setOnce("form", form, value);
            return this;
        }

        /** Sets how the model card names the base; the default is the name in its configuration, or else of its directory. */
        public Builder baseName(String value) {
            baseName = BuilderChecks.setOnce("baseName", baseName, value);
            return this;
        }

        /** Sets the command with which the training can be repeated, for the model card. */
        public Builder command(String value) {
            command = BuilderChecks.setOnce("command", command, value);
            return this;
        }

        /** Sets the licence of the classifier, for the model card: an identifier of SPDX, or {@code other}. */
        public Builder license(String value) {
            license = BuilderChecks.setOnce("license", license, value);
            return this;
        }

        /**
         * Returns the tuner.
         *
         * @throws IllegalArgumentException if the setup has no heads, or a delta is wanted of a setup without low-rank changes
         */
        public FineTuner build() {
            return new FineTuner(this);
        }
    }
}
