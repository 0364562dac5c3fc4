package org.donotanswer.classifier.finetune;

import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.HeadKind;

/**
 * A training on texts of many lengths that says every 20 steps how much memory is resident, in KiB, and how many arrays the
 * engine holds outside of any classifier. Its heap is resident from the start.
 */
final class MemoryProbe {
    private static final int EXAMPLES = 160;
    private static final int LONGEST = 380;

    private MemoryProbe() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Random random = new Random(1);
        List<FineTuningExample> examples = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) {
            String response = TinyTraining.words(random, 10 + random.nextInt(LONGEST - 10));
            examples.add(TinyTraining.example("tea", response, HeadKind.HARMFUL, i % 2));
        }
        FineTuner.builder(ClassifierSetup.builder(Path.of(args[0]))
                        .heads(List.of(HeadKind.HARMFUL))
                        .dropout(0.1)
                        .threads(1)
                        .build())
                .options(FineTuningOptions.builder()
                        .epochs(3)
                        .batchSize(4)
                        .tokensPerPass(600)
                        .stepsPerSave(10)
                        .build())
                .listener(TinyTraining.onStep(step -> {
                    if (step % 20 == 0) {
                        System.out.println("memory " + step + " " + resident() + " " + arrays());
                    }
                }))
                .build()
                .train(examples, examples.subList(0, 12), Path.of(args[1]));
    }

    private static long resident() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.toLowerCase(Locale.ROOT).startsWith("vmrss:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("no resident memory in /proc/self/status");
    }

    private static int arrays() {
        try (NDManager manager = Engine.getInstance().newBaseManager()) {
            return ((BaseNDManager) manager.getParentManager())
                    .getManagedArrays()
                    .size();
        }
    }
}
