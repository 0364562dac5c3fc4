package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.harness.io.NumberFormats;

/**
 * Makes jobs of labelled exchanges: chooses the heads, leaves out what the classifier cannot learn from, and holds examples
 * out. As thread-safe as its parts, of which it changes none.
 */
final class FineTuningJobs {
    private final FineTuneOptions options;
    private final Path base;
    private final int baseTokens;
    private final HeadSelection selection;
    private final int threads;
    private final long seed;

    private FineTuningJobs(
            FineTuneOptions options, Path base, int baseTokens, HeadSelection selection, int threads, long seed) {
        this.options = options;
        this.base = base;
        this.baseTokens = baseTokens;
        this.selection = selection;
        this.threads = threads;
        this.seed = seed;
    }

    /**
     * Returns a maker of jobs.
     *
     * @param baseTokens the maximum number of tokens that the base supports
     * @param selection the heads
     */
    static FineTuningJobs of(
            FineTuneOptions options, Path base, int baseTokens, HeadSelection selection, int threads, long seed) {
        return new FineTuningJobs(options, base, baseTokens, selection, threads, seed);
    }

    /**
     * Returns the heads that the options ask for and the examples have labels for.
     *
     * @throws IOException if there are none
     */
    static HeadSelection selection(FineTuneOptions options, List<TrainingExample> examples) throws IOException {
        HeadSelection selection =
                HeadSelection.of(options.heads(), options.format(), readable(examples, options.format()));
        options.checkWeights(selection.heads());
        return selection;
    }

    /** Returns the heads that are trained, in the order of their outputs. */
    List<HeadKind> heads() {
        return selection.heads();
    }

    /** Returns how many tokens the classifier reads at most. */
    int maxTokens() {
        return Math.min(options.maxTokens(), baseTokens);
    }

    /**
     * Returns what a classifier depends on beside the examples, by name; the number of threads is not among it.
     *
     * @param baseName the name of the base
     */
    Map<String, String> settings(BaseModel baseName) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                "setup",
                options.setup(Path.of(baseName.toString()), heads(), OptionalInt.of(maxTokens()), 0, seed)
                        .toString());
        settings.put("options", options.tuning(seed).toString());
        settings.put("validation", String.valueOf(options.validation()));
        return settings;
    }

    /** Returns how many epochs a training has at most. */
    int epochs() {
        return options.tuning(seed).epochs();
    }

    /** Says what a user should know before the training. */
    void remark(Consumer<String> remarks) {
        selection.remarks().forEach(remarks);
        if (maxTokens() < options.maxTokens()) {
            remarks.accept("the classifier reads at most " + NumberFormats.count(baseTokens) + " tokens rather than "
                    + NumberFormats.count(options.maxTokens()) + ", as its base does");
        }
    }

    /**
     * Returns a job.
     *
     * @param remarks is told what a user should know of the examples
     * @throws IOException if the examples lack a label of a head
     */
    FineTuningJob job(
            List<TrainingExample> examples,
            Map<String, String> data,
            FineTuner.Form form,
            Path directory,
            Consumer<String> remarks)
            throws IOException {
        List<FineTuningExample> labelled = new ArrayList<>();
        readable(examples, options.format())
                .forEach(example -> restricted(example, selection.heads()).ifPresent(labelled::add));
        if (labelled.size() < examples.size()) {
            remarks.accept(NumberFormats.count(examples.size() - (long) labelled.size()) + " of "
                    + NumberFormats.count(examples.size())
                    + " examples are not used, as they lack a label for the heads, or the text that it is about");
        }
        HeadSelection.check(selection.heads(), labelled);
        ValidationSplit split = ValidationSplit.of(labelled, options.validation(), seed);
        if (split.heldOut().isEmpty()) {
            remarks.accept("no examples are held out, so the last epoch is taken, and the probabilities are not"
                    + " calibrated");
        }
        return new FineTuningJob(
                options.setup(base, selection.heads(), OptionalInt.of(maxTokens()), threads, seed),
                options.tuning(seed),
                form,
                data,
                split.training(),
                split.heldOut(),
                directory,
                Optional.empty());
    }

    /** Returns the examples that have the text which the classifier reads. */
    private static List<FineTuningExample> readable(List<TrainingExample> examples, InputFormat format) {
        return examples.stream()
                .filter(example -> format != InputFormat.RESPONSE_ONLY
                        || example.response().isPresent())
                .filter(example -> format != InputFormat.INSTRUCTION_ONLY
                        || !example.instruction().isBlank())
                .map(FineTuningExample::of)
                .toList();
    }

    /** Returns an example with the targets of some heads only; empty if it has none of them. */
    private static Optional<FineTuningExample> restricted(FineTuningExample example, List<HeadKind> heads) {
        Map<HeadKind, List<Double>> targets = new EnumMap<>(HeadKind.class);
        example.targets().forEach((head, target) -> {
            if (heads.contains(head)) {
                targets.put(head, target);
            }
        });
        return targets.isEmpty()
                ? Optional.empty()
                : Optional.of(new FineTuningExample(
                        example.instruction(), example.response(), targets, example.source(), example.weight()));
    }
}
