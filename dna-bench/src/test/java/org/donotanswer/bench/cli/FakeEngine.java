package org.donotanswer.bench.cli;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.encoder.WindowReader;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.finetune.EpochFigures;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.classifier.finetune.FineTuningListener;
import org.donotanswer.classifier.finetune.FineTuningResult;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.encoder.EncoderModelWriter;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Writes directories as the trainer does, without training. Not thread-safe. */
final class FakeEngine implements FineTuningEngine {
    /** The number of tokens of every base. */
    static final int MAX_TOKENS = 512;

    /** All jobs, in the order in which they were begun. */
    final List<FineTuningJob> jobs = new ArrayList<>();

    /** The directories to which encoders were written. */
    final List<Path> bases = new ArrayList<>();

    /** The classifiers that were opened to read their windows. */
    final List<Path> opened = new ArrayList<>();

    /** The number of exchanges after which the process is stopped. */
    int exchangesUntilStopped = Integer.MAX_VALUE;

    /** The number of jobs after which one is stopped before it has ended. */
    int jobsUntilStopped = Integer.MAX_VALUE;

    @Override
    public void require() {}

    @Override
    public void writeBase(EncoderArtifact encoder, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), encoder.name());
        bases.add(directory);
    }

    @Override
    public int maxTokens(Path base) throws IOException {
        if (!Files.exists(base.resolve("config.json"))) {
            throw new AssertionError("base must be complete, but was not");
        }
        return MAX_TOKENS;
    }

    @Override
    public FineTuningResult tune(FineTuningJob job, FineTuningListener listener)
            throws IOException, InterruptedException {
        jobs.add(job);
        Path state = Files.createDirectories(job.directory().resolve(FineTuner.STATE_DIRECTORY));
        if (jobs.size() > jobsUntilStopped) {
            throw new IOException("the training was stopped");
        }
        listener.onStep(new FineTuningListener.Step(1, 2, 1, 0.5, 5e-5, 800, Duration.ofSeconds(3_723)));
        Map<HeadKind, EpochFigures.HeadFigures> heads = new EnumMap<>(HeadKind.class);
        job.setup().heads().forEach(head -> heads.put(head, new EpochFigures.HeadFigures(4, 0.25, 0.75, 0.7)));
        EpochFigures epoch = new EpochFigures(1, 0.5, job.heldOut().isEmpty() ? Map.of() : heads);
        listener.onEpoch(epoch);
        Files.writeString(job.directory().resolve("config.json"), "trained");
        try (var files = Files.walk(state)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        return new FineTuningResult(
                List.of(epoch), 1, Map.of(), 2, 1_234, 3, List.of("weights that start at random: w"));
    }

    @Override
    public SafetyEvaluator open(Path directory) throws IOException {
        if (!Files.readString(directory.resolve("config.json")).equals("trained")) {
            throw new AssertionError("classifier must be trained, but was not");
        }
        return new FakeEvaluator();
    }

    /** Says what windows there are of as many sentences as a response has, and that those with the word harm are harmful. */
    @Override
    public WindowReader openWindows(Path directory, int threads) throws IOException {
        opened.add(directory);
        Map<HeadKind, Double> temperatures = new LinkedHashMap<>();
        List.of(HeadKind.HARMFUL, HeadKind.REFUSAL, HeadKind.ACTION, HeadKind.INSTRUCTION_RISK, HeadKind.HARM_TYPE)
                .forEach(head -> temperatures.put(head, 1.0));
        return new WindowReader() {
            @Override
            public Map<HeadKind, Double> temperatures() {
                return temperatures;
            }

            @Override
            public List<float[]> logits(String instruction, String response) {
                if (--exchangesUntilStopped < 0) {
                    throw new IllegalStateException("the process was stopped");
                }
                List<float[]> windows = new ArrayList<>();
                for (String sentence : Splitter.on(". ").split(response)) {
                    float[] logits = new float[24];
                    logits[1] = sentence.contains("harm") ? 2 : -2;
                    logits[3] = sentence.startsWith("No,") ? 2 : -2;
                    logits[4] = logits[3];
                    windows.add(logits);
                }
                return windows;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void writeEncoder(EncoderModelWriter writer, Path file) throws IOException {
        Files.writeString(file, "model");
    }
}
