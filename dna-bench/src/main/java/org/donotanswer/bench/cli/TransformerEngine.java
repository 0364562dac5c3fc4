package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.bench.encoder.ClassifierWindows;
import org.donotanswer.bench.encoder.WindowReader;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.classifier.finetune.FineTuningListener;
import org.donotanswer.classifier.finetune.FineTuningResult;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.encoder.EncoderModelWriter;
import org.donotanswer.evaluate.SafetyEvaluator;

/** The engine of this library. Stateless, hence thread-safe. */
final class TransformerEngine implements FineTuningEngine {
    @Override
    public void require() {
        NativeParts.require();
    }

    @Override
    public void writeBase(EncoderArtifact encoder, Path directory) throws IOException {
        encoder.writeTo(directory);
    }

    @Override
    public int maxTokens(Path base) throws IOException {
        return ClassifierSetup.maxTokensOf(base);
    }

    @Override
    public FineTuningResult tune(FineTuningJob job, FineTuningListener listener)
            throws IOException, InterruptedException {
        FineTuner.Builder builder = FineTuner.builder(job.setup())
                .options(job.options())
                .listener(listener)
                .form(job.form());
        job.data().forEach(builder::data);
        job.command().ifPresent(builder::command);
        try {
            return builder.build().train(job.training(), job.heldOut(), job.directory());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public SafetyEvaluator open(Path directory) throws IOException {
        return TransformerEvaluator.load(directory);
    }

    @Override
    public WindowReader openWindows(Path directory, int threads) throws IOException {
        return ClassifierWindows.open(directory, threads);
    }

    @Override
    public void writeEncoder(EncoderModelWriter writer, Path file) throws IOException {
        writer.write(file);
    }
}
