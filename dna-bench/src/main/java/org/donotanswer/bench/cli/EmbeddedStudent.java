package org.donotanswer.bench.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Output;
import org.donotanswer.internal.Sha256;

/** A student that is an embedded model in a file. Not thread-safe. */
final class EmbeddedStudent implements Student {
    private static final String SHARE = "teacherShare";

    private final Path output;
    private final Output file;
    private final EmbeddedTrainer.Builder trainer;
    private final PrintWriter out;

    /**
     * Creates a student.
     *
     * @param file the opened output, which is closed with the student
     * @param share the teacher's share, which the model's provenance names
     */
    EmbeddedStudent(Path output, Output file, double share, long seed, int threads, PrintWriter out) {
        this.output = output;
        this.file = file;
        this.out = out;
        trainer = EmbeddedTrainer.builder().seed(seed).threads(threads).figure(SHARE, share);
    }

    @Override
    public SafetyEvaluator learn(List<TrainingExample> examples, Map<String, String> data) throws IOException {
        data.forEach(trainer::data);
        long start = System.nanoTime();
        EmbeddedModel model;
        try {
            model = trainer.build().train(examples);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        model.writeTo(bytes);
        bytes.writeTo(file.stream());
        file.commit();
        out.print(NumberFormats.format(
                "Trained in %.1f s on %s examples.\n", seconds, NumberFormats.count(examples.size())));
        out.print(NumberFormats.format(
                "Wrote %s: %s bytes, SHA-256 %s\n",
                output, NumberFormats.count(bytes.size()), Sha256.of(bytes.toByteArray())));
        out.flush();
        return EmbeddedEvaluator.of(model);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
