package org.donotanswer.bench.cli;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.finetune.FineTuningOptions;
import org.donotanswer.classifier.transformer.ClassifierSetup;

/**
 * One training of a classifier. Immutable, hence thread-safe.
 *
 * @param form what is written
 * @param data the SHA-256 of every file with examples, by its name
 * @param training the examples that are trained on
 * @param heldOut the examples by which the epoch is chosen and the probabilities are calibrated; may be empty
 * @param directory the directory to write, which may hold the state of the same training
 * @param command how the training can be repeated, for the model card; empty if not by one command
 */
record FineTuningJob(
        ClassifierSetup setup,
        FineTuningOptions options,
        FineTuner.Form form,
        Map<String, String> data,
        List<FineTuningExample> training,
        List<FineTuningExample> heldOut,
        Path directory,
        Optional<String> command) {
    FineTuningJob {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    FineTuningJob withCommand(String line) {
        return new FineTuningJob(setup, options, form, data, training, heldOut, directory, Optional.of(line));
    }
}
