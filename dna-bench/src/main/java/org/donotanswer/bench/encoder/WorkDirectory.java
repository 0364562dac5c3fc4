package org.donotanswer.bench.encoder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.donotanswer.bench.quality.SettingsFile;
import org.donotanswer.classifier.finetune.FineTuner;

/**
 * The directory of a training, which continues from what it finds there:
 *
 * <pre>settings.json           the settings, and the checksums of the data
 *base/                   the pretrained encoder
 *fold-N/classifier/      the encoder of a fold, or the state of its training
 *fold-N/embedded.dna     the embedded model of the fold
 *fold-N/exchanges.jsonl  what both say of the examples that the fold left out
 *final/pass-N/           the encoder after pass N over all sources, from 1; the last is the result
 *final/embedded.dna      the embedded model that was trained on the same examples
 *final/exchanges.jsonl   what both say of the examples that were held out of that training</pre>
 *
 * Immutable, hence thread-safe.
 */
record WorkDirectory(Path directory) {
    private static final String CONFIG = "config.json";

    /**
     * Writes the settings, or compares them with those that are there.
     *
     * @throws IOException if they differ, or a file cannot be read or written
     */
    void begin(Map<String, String> settings) throws IOException {
        Files.createDirectories(directory);
        SettingsFile.begin(directory.resolve("settings.json"), "training", settings);
    }

    /** Returns the directory of a fold, which is made if there is none. */
    Path fold(int fold) throws IOException {
        return Files.createDirectories(directory.resolve("fold-" + fold));
    }

    /** Returns the directory of the training on all sources, which is made if there is none. */
    Path whole() throws IOException {
        return Files.createDirectories(directory.resolve("final"));
    }

    /** Returns whether a training has ended. */
    static boolean isTrained(Path classifier) {
        return Files.exists(classifier.resolve(CONFIG)) && !Files.exists(classifier.resolve(FineTuner.STATE_DIRECTORY));
    }
}
