package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the program that trains an architecture: its forward pass, the loss with its gradients, and the update of the
 * weights. PyTorch records and differentiates the operations of a TorchScript program like any others, so the pass that
 * is trained is the pass that is run later.
 *
 * <p>Weights come as one list: those of the architecture in the order of its declaration, then, for each adapted matrix,
 * its two low-rank factors. A matrix W [out, in] with factors A [rank, in] and B [out, rank] is used as {@code W + scale B
 * A} (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", arXiv 2106.09685, section 4.1).
 */
final class TrainingProgram {
    /** {@code (ids, types, lengths, targets [B, N], weights, sums) -> [loss]}; adds the gradients to the sums. */
    static final String GRADIENTS = "gradients";

    /** {@code (ids, types, lengths, weights) -> logits [B, N]}. */
    static final String LOGITS = "logits";

    /** {@code (sums) -> norm}: the norm of all gradients together. */
    static final String NORM = "norm";

    /**
     * {@code (trained, sums, first, second, factor, kept, rest1, beta2, rest2, root, epsilon, size) -> [0]}: one step of
     * AdamW, after which the sums are zero. The sums are multiplied by the factor first. Weights with decay are multiplied
     * by kept, {@code 1 - rate decay}; rest1 and rest2 are one minus the betas, root is {@code sqrt(1 - beta2^t)}, and
     * size {@code -rate / (1 - beta1^t)}.
     */
    static final String UPDATE = "update";

    private static final String SELF = "  def %s(self: __torch__.Program, ";
    private static final String INPUTS = "ids: Tensor, types: Tensor, lengths: Tensor, ";

    private final TorchScriptProgram training;
    private final TorchScriptProgram inference;
    private final List<String> names;
    private final List<Boolean> trained;
    private final Map<Integer, Integer> adapted;
    private final double adapterScale;
    private final List<Integer> decayed;
    private final List<Integer> groups;

    /**
     * Creates the program.
     *
     * @param training the architecture's own, with dropout
     * @param inference the architecture's own, without
     * @param trained which of all weights, factors included, are trained
     * @param adapted by the index of an adapted matrix, the index of its factor A; B follows it
     * @param decayed the indices, among the trained weights, of those to which weight decay applies
     * @param groups the sizes of the groups of outputs over which a softmax is taken, in order
     */
    TrainingProgram(
            TorchScriptProgram training,
            TorchScriptProgram inference,
            List<Boolean> trained,
            Map<Integer, Integer> adapted,
            double adapterScale,
            List<Integer> decayed,
            List<Integer> groups) {
        this.training = training;
        this.inference = inference;
        this.names = List.copyOf(training.weights().keySet());
        this.trained = List.copyOf(trained);
        this.adapted = Map.copyOf(adapted);
        this.adapterScale = adapterScale;
        this.decayed = List.copyOf(decayed);
        this.groups = List.copyOf(groups);
    }

    /** Returns the source of the program with {@link #GRADIENTS}. */
    String trainingSource() {
        StringBuilder source = new StringBuilder(training.source());
        appendGradients(source);
        return source.toString();
    }

    /** Returns the source of the program with the other functions, which have no dropout. */
    String inferenceSource() {
        StringBuilder source = new StringBuilder(inference.source());
        appendLogits(source);
        appendNorm(source);
        appendUpdate(source);
        return source.toString();
    }

    /** Returns the expressions of the weights of the architecture, given those of all weights. */
    private String effective(List<String> weights) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> {
                    Integer factor = adapted.get(i);
                    return factor == null
                            ? weights.get(i)
                            : "torch.add(" + weights.get(i) + ", torch.mul(torch.matmul(" + weights.get(factor + 1)
                                    + ", " + weights.get(factor) + "), " + adapterScale + "))";
                })
                .collect(Collectors.joining(",\n      ", "[", "]"));
    }

    private void appendLogits(StringBuilder source) {
        List<String> weights = IntStream.range(0, trained.size())
                .mapToObj(i -> "weights[" + i + "]")
                .toList();
        source.append(SELF.formatted(LOGITS)).append(INPUTS).append("weights: List[Tensor]) -> Tensor:\n");
        source.append("    return (self).")
                .append(Architecture.PADDED)
                .append("(ids, types, lengths, (self).")
                .append(TorchScriptProgram.PACK)
                .append('(')
                .append(effective(weights))
                .append(", ), )\n");
    }

    private void appendGradients(StringBuilder source) {
        List<String> weights = new ArrayList<>();
        List<String> leaves = new ArrayList<>();
        source.append(SELF.formatted(GRADIENTS))
                .append(INPUTS)
                .append("targets: Tensor, weights: List[Tensor], sums: List[Tensor]) -> List[Tensor]:\n");
        for (int i = 0; i < trained.size(); i++) {
            if (trained.get(i)) {
                String leaf = "p" + i;
                source.append("    ")
                        .append(leaf)
                        .append(" = torch.requires_grad_(torch.detach(weights[")
                        .append(i)
                        .append("]), True)\n");
                leaves.add(leaf);
                weights.add(leaf);
            } else {
                weights.add("weights[" + i + "]");
            }
        }
        source.append("    w = (self).pack(").append(effective(weights)).append(", )\n");
        source.append("    logits = (self).padded(ids, types, lengths, w, )\n");
        source.append("    loss = torch.neg(torch.sum(torch.mul(")
                .append(logProbabilities("logits"))
                .append(", targets)))\n");
        source.append("    grads = torch.grad([loss], [")
                .append(String.join(", ", leaves))
                .append("], annotate(Optional[List[Optional[Tensor]]], None), None, False, True)\n");
        for (int i = 0; i < leaves.size(); i++) {
            // A weight that the logits do not depend on has no gradient.
            source.append("    g").append(i).append(" = grads[").append(i).append("]\n");
            source.append("    if torch.__isnot__(g").append(i).append(", None):\n");
            source.append("      s").append(i).append(" = torch.add_(sums[").append(i);
            source.append("], unchecked_cast(Tensor, g").append(i).append("))\n");
            source.append("    else:\n      pass\n");
        }
        source.append("    return [torch.detach(loss)]\n");
    }

    private String logProbabilities(String logits) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int size : groups) {
            parts.add("torch.log_softmax(torch.slice(" + logits + ", 1, " + from + ", " + (from + size) + ", 1), 1)");
            from += size;
        }
        return parts.size() == 1 ? parts.get(0) : "torch.cat([" + String.join(", ", parts) + "], 1)";
    }

    private void appendNorm(StringBuilder source) {
        source.append(SELF.formatted(NORM)).append("sums: List[Tensor]) -> Tensor:\n");
        source.append("    return torch.norm(torch.stack(")
                .append(IntStream.range(0, trainedCount())
                        .mapToObj(i -> "torch.norm(sums[" + i + "], 2)")
                        .collect(Collectors.joining(",\n      ", "[", "]")))
                .append(", 0), 2)\n");
    }

    /**
     * Writes AdamW as PyTorch computes it: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", arXiv
     * 1711.05101, algorithm 2, with the bias corrections of Adam.
     */
    private void appendUpdate(StringBuilder source) {
        source.append(SELF.formatted(UPDATE))
                .append("trained: List[Tensor], sums: List[Tensor], first: List[Tensor], second: List[Tensor], factor:"
                        + " float, kept: float, rest1: float, beta2: float, rest2: float, root: float, epsilon: float,"
                        + " size: float) -> Tensor:\n");
        for (int i = 0; i < trainedCount(); i++) {
            // The sums are used up once the moments are updated, so their memory takes the divisor.
            String decay = decayed.contains(i) ? "    d%1$d = torch.mul_(trained[%1$d], kept)\n" : "";
            source.append(("    g%1$d = torch.mul_(sums[%1$d], factor)\n"
                            + decay
                            + "    m%1$d = torch.lerp_(first[%1$d], g%1$d, rest1)\n"
                            + "    v%1$d = torch.addcmul_(torch.mul_(second[%1$d], beta2), g%1$d, g%1$d, value=rest2)\n"
                            + "    q%1$d = torch.add_(torch.div_(torch.sqrt(v%1$d, out=g%1$d), root), epsilon)\n"
                            + "    u%1$d = torch.addcdiv_(trained[%1$d], m%1$d, q%1$d, value=size)\n"
                            + "    z%1$d = torch.zero_(sums[%1$d])\n")
                    .formatted(i));
        }
        source.append("    return torch.zeros([1])\n");
    }

    private int trainedCount() {
        return (int) trained.stream().filter(Boolean::booleanValue).count();
    }
}
