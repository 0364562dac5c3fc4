package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ScoredBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The heads of a checkpoint that are used, at least one and at most one of each kind, and what is fed to it. Immutable,
 * hence thread-safe.
 *
 * @param heads the heads, in the order of the configuration
 * @param format how an exchange is fed to the checkpoint
 * @param instructionAlone whether the response is left empty even if there is one
 * @param remarks what a user should know about how the outputs are read, one sentence each
 */
record CheckpointHeads(List<CheckpointHead> heads, InputFormat format, boolean instructionAlone, List<String> remarks) {
    CheckpointHeads {
        heads = List.copyOf(heads);
        remarks = List.copyOf(remarks);
    }

    /** Returns the single head of a checkpoint whose configuration has no {@code heads}. */
    static CheckpointHeads of(LabelMapping labels) {
        return new CheckpointHeads(
                List.of(labels.head()),
                labels.inputFormat(),
                false,
                labels.isAssumed() ? List.of("read as " + labels.describe()) : List.of());
    }

    /**
     * Returns declared heads.
     *
     * @param declared the heads of the configuration
     * @param wanted what the caller wants of the checkpoint, or null for all that it has
     * @param own the format in the configuration, or null
     * @param given the format that the caller sets, or null
     * @throws CheckpointException if there is no head of the wanted kind, or the configuration's format does not suit
     * @throws IllegalArgumentException if the caller's format does not suit the heads
     */
    static CheckpointHeads of(
            List<CheckpointHead> declared,
            CheckpointConfig config,
            @Nullable HeadKind wanted,
            @Nullable InputFormat own,
            @Nullable InputFormat given)
            throws CheckpointException {
        List<CheckpointHead> used = declared.stream()
                .filter(head -> wanted == null || head.kind() == wanted)
                .toList();
        if (used.isEmpty() && wanted != null) {
            throw config.invalid(
                    DeclaredHeads.KEY,
                    "must include one of kind " + wanted.configName(),
                    HeadKind.configNames(kinds(declared)));
        }
        // Where instructions are judged, a model of pairs reads the pair without its response, as it was trained to.
        boolean alone = wanted == HeadKind.INSTRUCTION_RISK && own != null && !own.isSingleText();
        boolean asGiven = given != null && !alone;
        InputFormat format = asGiven ? given : own != null ? own : defaultFormat(kinds(declared));
        if (format == null) {
            throw config.invalid(Checkpoint.INPUT_FORMAT, suitable(kinds(declared)), "missing");
        }
        if (!suits(format, kinds(used))) {
            String suitable = suitable(kinds(used));
            if (asGiven) {
                throw new IllegalArgumentException(
                        "input format " + suitable + ", but was " + name(format) + " (" + config.file() + ")");
            }
            throw config.invalid(Checkpoint.INPUT_FORMAT, suitable, name(format));
        }
        return new CheckpointHeads(used, format, alone, remarks(declared, used));
    }

    private static List<HeadKind> kinds(List<CheckpointHead> heads) {
        return heads.stream().map(CheckpointHead::kind).toList();
    }

    /** Returns the format of heads that need only one of the two texts, or null if they need both. */
    private static @Nullable InputFormat defaultFormat(List<HeadKind> kinds) {
        if (kinds.stream().allMatch(HeadKind::isOfInstruction)) {
            return InputFormat.INSTRUCTION_ONLY;
        }
        return kinds.stream().anyMatch(HeadKind::isOfInstruction) ? null : InputFormat.RESPONSE_ONLY;
    }

    private static boolean suits(InputFormat format, List<HeadKind> kinds) {
        return !format.isSingleText() || format == defaultFormat(kinds);
    }

    /** Returns which formats suit the heads, as a requirement in a message. */
    private static String suitable(List<HeadKind> kinds) {
        InputFormat single = defaultFormat(kinds);
        return "must be " + (single == null ? "" : name(single) + ", ") + "separated_string or pair for heads "
                + HeadKind.configNames(kinds);
    }

    private static String name(InputFormat format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> remarks(List<CheckpointHead> declared, List<CheckpointHead> used) {
        List<String> remarks = new ArrayList<>();
        remarks.add("read by the heads in config.json: "
                + used.stream().map(CheckpointHead::summary).collect(Collectors.joining(", ")));
        if (used.size() < declared.size()) {
            remarks.add("heads that are not used: "
                    + declared.stream()
                            .filter(head -> !used.contains(head))
                            .map(head -> head.kind().words())
                            .collect(Collectors.joining(", ")));
        }
        Set<Integer> taken = new HashSet<>();
        declared.forEach(head -> taken.addAll(head.outputs().indices()));
        List<Integer> rest = IntStream.range(0, declared.get(0).outputs().total())
                .boxed()
                .filter(output -> !taken.contains(output))
                .toList();
        if (!rest.isEmpty()) {
            remarks.add("outputs that are in no head: "
                    + rest.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        return remarks;
    }

    /** Returns what the heads predict, in their order. */
    List<HeadKind> kinds() {
        return kinds(heads);
    }

    /**
     * Returns whether an exchange has the text that a head needs. Only the risk and the harm type of an instruction need
     * an instruction that is not blank.
     */
    boolean read(Exchange exchange) {
        return heads.stream().anyMatch(head -> isScored(head, exchange));
    }

    private static boolean isScored(CheckpointHead head, Exchange exchange) {
        return !head.kind().isOfInstruction() || !exchange.hasBlankInstruction();
    }

    /**
     * Sets the predictions for an exchange in an assessment. Sets nothing if it throws.
     *
     * @param windows the windows of the text, at least one
     * @throws NonFiniteLogitsException if a logit is not finite
     */
    void score(ScoredBuilder assessment, Exchange exchange, List<WindowLogits> windows)
            throws NonFiniteLogitsException {
        score(assessment, windows, head -> isScored(head, exchange));
    }

    /**
     * Sets the predictions for an instruction that has no response. Sets nothing if it throws.
     *
     * @param windows the windows of the text, at least one
     * @throws NonFiniteLogitsException if a logit is not finite
     */
    void scoreInstruction(ScoredBuilder assessment, List<WindowLogits> windows) throws NonFiniteLogitsException {
        score(assessment, windows, head -> head.kind().isOfInstruction());
    }

    /** The first head checks all logits, so that nothing is set if one is not finite. */
    private void score(ScoredBuilder assessment, List<WindowLogits> windows, Predicate<CheckpointHead> scored)
            throws NonFiniteLogitsException {
        for (CheckpointHead head : heads) {
            if (scored.test(head)) {
                head.score(assessment, windows);
            }
        }
    }

    /** Returns what each head predicts, from which outputs and how, such as {@code harmful: sigmoid of toxic}. */
    List<String> describe() {
        return heads.stream().map(CheckpointHead::describe).toList();
    }
}
