package org.donotanswer.bench.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.harness.io.NumberFormats;

/**
 * The heads that a classifier is trained with. Immutable, hence thread-safe.
 *
 * @param heads in the order of their outputs
 * @param remarks what the user should know, one sentence each
 */
record HeadSelection(List<HeadKind> heads, List<String> remarks) {
    private static final List<HeadKind> OF_RESPONSE = List.of(HeadKind.HARMFUL, HeadKind.REFUSAL, HeadKind.ACTION);
    private static final List<HeadKind> OF_INSTRUCTION = List.of(HeadKind.INSTRUCTION_RISK, HeadKind.HARM_TYPE);

    HeadSelection {
        heads = List.copyOf(heads);
        remarks = List.copyOf(remarks);
    }

    /**
     * Returns the heads that the user wants, or, if none, those for which the examples have each label.
     *
     * @throws IOException if the examples lack a label of a head that the user wants, or labels of all heads
     */
    static HeadSelection of(List<HeadKind> wanted, InputFormat format, List<FineTuningExample> examples)
            throws IOException {
        if (!wanted.isEmpty()) {
            check(wanted, examples);
            return new HeadSelection(wanted, List.of());
        }
        List<HeadKind> heads = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        List<String> incomplete = new ArrayList<>();
        for (HeadKind head : suited(format)) {
            long[] counts = counts(head, examples);
            if (isComplete(head, counts)) {
                heads.add(head);
            } else if (IntStream.range(0, counts.length).anyMatch(i -> counts[i] > 0)) {
                incomplete.add(head.configName() + ": " + text(head, counts));
                remarks.add("the head " + head.configName() + " is not trained, as there are examples of "
                        + text(head, counts));
            }
        }
        if (heads.isEmpty()) {
            throw new IOException("data must have an example of each label of a head, but had "
                    + (incomplete.isEmpty() ? "no labels" : String.join("; ", incomplete)));
        }
        return new HeadSelection(heads, remarks);
    }

    /**
     * Checks that the classifier reads what the heads are about.
     *
     * @throws UsageException if not
     */
    static void checkFormat(List<HeadKind> heads, InputFormat format) {
        List<HeadKind> suited = suited(format);
        heads.forEach(head -> UsageException.require(
                suited.contains(head),
                "--heads must be among " + names(suited) + " with --model-input " + format,
                head.configName()));
    }

    /**
     * Checks that the examples have each label of the heads; of the harm types, two.
     *
     * @throws IOException if not
     */
    static void check(List<HeadKind> heads, List<FineTuningExample> examples) throws IOException {
        for (HeadKind head : heads) {
            long[] counts = counts(head, examples);
            if (!isComplete(head, counts)) {
                throw new IOException("data must have an example of "
                        + (head == HeadKind.HARM_TYPE ? "two labels" : "each label") + " of the head "
                        + head.configName() + ", but had " + text(head, counts));
            }
        }
    }

    private static boolean isComplete(HeadKind head, long[] counts) {
        long present =
                IntStream.range(0, counts.length).filter(i -> counts[i] > 0).count();
        return present >= (head == HeadKind.HARM_TYPE ? 2 : counts.length);
    }

    private static List<HeadKind> suited(InputFormat format) {
        if (format == InputFormat.INSTRUCTION_ONLY) {
            return OF_INSTRUCTION;
        }
        List<HeadKind> suited = new ArrayList<>(OF_RESPONSE);
        if (format != InputFormat.RESPONSE_ONLY) {
            suited.addAll(OF_INSTRUCTION);
        }
        return suited;
    }

    /** Returns how many examples have each label of a head as the most probable one. */
    static long[] counts(HeadKind head, List<FineTuningExample> examples) {
        long[] counts = new long[head.labels().size()];
        for (FineTuningExample example : examples) {
            if (example.targets().containsKey(head)) {
                counts[label(example, head)]++;
            }
        }
        return counts;
    }

    /** Returns the index of the most probable label. */
    static int label(FineTuningExample example, HeadKind head) {
        List<Double> target = example.targets().get(head);
        return target.indexOf(Collections.max(target));
    }

    private static String text(HeadKind head, long[] counts) {
        return IntStream.range(0, counts.length)
                .mapToObj(i -> head.labels().get(i) + " " + NumberFormats.count(counts[i]))
                .collect(Collectors.joining(", "));
    }

    /** Returns the names of heads, as users write them. */
    static String names(List<HeadKind> heads) {
        return heads.stream().map(HeadKind::configName).collect(Collectors.joining(", "));
    }
}
