package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.bench.encoder.WindowReader;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.finetune.FineTuningListener;
import org.donotanswer.classifier.finetune.FineTuningResult;
import org.donotanswer.encoder.EncoderModelWriter;
import org.donotanswer.evaluate.SafetyEvaluator;

/** What trains classifiers and opens them. Implementations are thread-safe. */
interface FineTuningEngine {
    /**
     * Checks that the parts are there that the computation needs.
     *
     * @throws IllegalStateException if not; its message says how to get them
     */
    void require();

    /** Writes an encoder of the class path to a directory, in the layout of Hugging Face. */
    void writeBase(EncoderArtifact encoder, Path directory) throws IOException;

    /** Returns the maximum number of tokens that a base supports. */
    int maxTokens(Path base) throws IOException;

    /**
     * Trains a classifier, or continues its training.
     *
     * @throws IOException if the base or the state is malformed or does not suit the job, or the classifier cannot be
     *     written
     * @throws InterruptedException if the thread is interrupted; the training can be continued
     */
    FineTuningResult tune(FineTuningJob job, FineTuningListener listener) throws IOException, InterruptedException;

    /** Opens a classifier that was trained. */
    SafetyEvaluator open(Path directory) throws IOException;

    /** Opens a classifier that was trained as an encoder judge is, to read what its heads say of each window. */
    WindowReader openWindows(Path directory, int threads) throws IOException;

    /** Writes the file of an encoder judge. */
    void writeEncoder(EncoderModelWriter writer, Path file) throws IOException;
}
