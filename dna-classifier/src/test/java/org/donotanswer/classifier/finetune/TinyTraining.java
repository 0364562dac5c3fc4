package org.donotanswer.classifier.finetune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.internal.Sha256;

/**
 * A training of a few seconds: exchanges of random words, whose labels can be told by a word each, so that they can be
 * learned.
 */
final class TinyTraining {
    static final List<HeadKind> HEADS = List.of(HeadKind.HARMFUL, HeadKind.ACTION);
    static final int EXAMPLES = 40;
    static final int HELD_OUT = 30;
    static final int EPOCHS = 3;
    static final int STEPS_PER_EPOCH = 5;
    static final int STEPS = EPOCHS * STEPS_PER_EPOCH;
    static final double DROPOUT = 0.1;

    /** Words of the tokenizers in the test resources, one token each. */
    private static final List<String> WORDS =
            List.of("tea", "milk", "sugar", "water", "pot", "cup", "leaves", "minute");

    private TinyTraining() {}

    /** Returns a setup with two heads and dropout. */
    static ClassifierSetup.Builder setup(Path base) {
        return ClassifierSetup.builder(base).heads(HEADS).dropout(DROPOUT).threads(1);
    }

    /** Returns options with several passes in a step, and several saves in an epoch. */
    static FineTuningOptions.Builder options() {
        return FineTuningOptions.builder()
                .epochs(EPOCHS)
                .batchSize(EXAMPLES / STEPS_PER_EPOCH)
                .learningRate(0.01)
                .tokensPerPass(60)
                .stepsPerSave(2);
    }

    /** Returns examples with labels of the two heads; some lack one, some have soft ones. */
    static List<FineTuningExample> examples(int count, long seed) {
        Random random = new Random(seed);
        List<FineTuningExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean harmful = random.nextBoolean();
            int action = random.nextInt(2) * 5;
            Map<HeadKind, List<Double>> targets = new EnumMap<>(HeadKind.class);
            if (i % 5 != 1) {
                targets.put(HeadKind.HARMFUL, i % 5 == 2 ? soft(harmful) : oneHot(2, harmful ? 1 : 0));
            }
            if (i % 5 != 3) {
                targets.put(HeadKind.ACTION, oneHot(6, action));
            }
            String response = words(random, 2 + random.nextInt(12))
                    + (harmful ? " boil" : " pour")
                    + (action == 0 ? " no" : " yes");
            examples.add(new FineTuningExample(
                    words(random, 1 + random.nextInt(6)), Optional.of(response), targets, "made up", 1));
        }
        return examples;
    }

    static List<Double> soft(boolean event) {
        return event ? List.of(0.125, 0.875) : List.of(0.875, 0.125);
    }

    static List<Double> oneHot(int size, int one) {
        List<Double> target = new ArrayList<>(Collections.nCopies(size, 0.0));
        target.set(one, 1.0);
        return target;
    }

    static String words(Random random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return String.join(" ", words);
    }

    /** Returns an example with one label of one head. */
    static FineTuningExample example(String instruction, String response, HeadKind head, int label) {
        return new FineTuningExample(
                instruction,
                Optional.of(response),
                Map.of(head, oneHot(head.labels().size(), label)),
                "made up",
                1);
    }

    /** Trains on the same examples as all other trainings of this class. */
    static FineTuningResult train(
            ClassifierSetup setup, FineTuningOptions options, FineTuningListener listener, Path directory)
            throws IOException, InterruptedException {
        return FineTuner.builder(setup)
                .options(options)
                .listener(listener)
                .build()
                .train(examples(EXAMPLES, 1), examples(HELD_OUT, 2), directory);
    }

    /** Returns the checksums of all files of a directory, by their names; directories end in a slash. */
    static Map<String, String> checksums(Path directory) throws IOException {
        Map<String, String> checksums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(path -> !path.equals(directory)).toList()) {
                String name = directory.relativize(file).toString();
                if (Files.isDirectory(file)) {
                    checksums.put(name + "/", "");
                } else {
                    checksums.put(name, Sha256.of(file));
                }
            }
        }
        return checksums;
    }

    /** Copies a directory with all files in it. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** Returns a listener that is told of each step. */
    static FineTuningListener onStep(StepAction action) {
        return new FineTuningListener() {
            @Override
            public void onStep(Step step) {
                action.accept(step.number());
            }
        };
    }

    /** What happens after a step. */
    interface StepAction {
        void accept(int step);
    }

    /** Returns the names of the files in a directory. */
    static List<String> names(Path directory) throws IOException {
        String[] names = directory.toFile().list();
        if (names == null) {
            throw new IOException("no directory: " + directory);
        }
        Arrays.sort(names);
        return List.of(names);
    }
}
