package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Dimension;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Literal;
import org.donotanswer.classifier.transformer.TorchScriptProgram.NamedArgument;

/**
 * The building blocks of the architectures, linear maps and attention, written for the kernels in use.
 *
 * <p>Dimensions: B sequences, L tokens, H hidden size, A heads, D head size, I inputs, O outputs. Between layers,
 * values have 32 bits. In half precision, linear maps round their input to it and return it, and attention computes in
 * it.
 */
final class Layers {
    private Layers() {}

    /** Returns {@code x W^T + b}: [.., I] -> [.., O]. */
    static Tensor linear(Tensor x, String layer, int in, int out) {
        return linear(x, layer, in, out, true);
    }

    /** Returns {@code x W^T}, plus b if the map is biased: [.., I] -> [.., O]. */
    static Tensor linear(Tensor x, String layer, int in, int out, boolean biased) {
        return product(x, List.of(layer), in, out, biased, Activation.IDENTITY);
    }

    /** Returns several linear maps of one input, concatenated and computed as one product: [.., I] -> [.., n O]. */
    static Tensor linears(Tensor x, List<String> layers, int in, int out) {
        return product(x, layers, in, out, true, Activation.IDENTITY);
    }

    /**
     * Returns several linear maps of one sequence, concatenated, with rows of zeros before and after: [1, L, I] ->
     * [before + L + after, n O], contiguous.
     */
    static Tensor paddedLinears(Tensor x, List<String> layers, int in, int out, Object before, Object after) {
        Function function = x.function();
        TorchScriptProgram program = function.program();
        if (program.kernels().packed()) {
            return PackedKernels.paddedLinear(
                    rounded(x),
                    function.slot(program.matrix(layers, in, out)),
                    function.slot(program.bias(layers, out)),
                    before,
                    after);
        }
        return linears(x, layers, in, out).select(0, 0).padRows(before, after).contiguous();
    }

    /** Returns {@code activation(x W^T + b)}: [.., I] -> [.., O]. */
    static Tensor linear(Tensor x, String layer, int in, int out, Activation activation) {
        return product(x, List.of(layer), in, out, true, activation);
    }

    private static Tensor product(
            Tensor x, List<String> layers, int in, int out, boolean biased, Activation activation) {
        Function function = x.function();
        Kernels kernels = function.program().kernels();
        Tensor input = rounded(x);
        Tensor matrix = function.slot(function.program().matrix(layers, in, out));
        Tensor bias = bias(function, layers, out, biased);
        if (!kernels.packed()) {
            return function.call("torch.linear", input, matrix, bias).activated(activation);
        }
        return PackedKernels.linear(input, matrix, bias, activation);
    }

    private static Tensor bias(Function function, List<String> layers, int out, boolean biased) {
        TorchScriptProgram program = function.program();
        return function.slot(biased ? program.bias(layers, out) : program.noBias(layers.size() * out));
    }

    /**
     * Returns {@code residual + dropped(x W^T + b)} in 32 bits: [.., I], [.., O] -> [.., O].
     *
     * @param dropout the rate at which the results of the linear map are dropped
     */
    static Tensor linearPlus(Tensor residual, Tensor x, String layer, int in, int out, double dropout) {
        return linearPlus(residual, x, layer, in, out, true, dropout);
    }

    /** Returns {@code residual + dropped(x W^T)} in 32 bits, with b if the map is biased: [.., I], [.., O] -> [.., O]. */
    static Tensor linearPlus(Tensor residual, Tensor x, String layer, int in, int out, boolean biased, double dropout) {
        Function function = x.function();
        Kernels kernels = function.program().kernels();
        if (!kernels.packed() || kernels.precision().isHalf()) {
            Tensor product = linear(x, layer, in, out, biased).dropped(dropout);
            return residual.plus(product); // 32 bits plus 16 bits give 32 bits
        }
        return PackedKernels.linearPlus(
                residual,
                x,
                function.slot(function.program().matrix(List.of(layer), in, out)),
                bias(function, List.of(layer), out, biased));
    }

    /**
     * Returns {@code x + dropped(linear(activation(linear(x))))} in 32 bits, the feed-forward network of a layer: [B, L,
     * H] -> [B, L, H].
     *
     * @param dropout the rate at which the results of the outer map are dropped
     */
    static Tensor feedForward(
            Tensor x, String inner, String outer, int hidden, int intermediate, Activation activation, double dropout) {
        TorchScriptProgram program = x.function().program();
        if (program.kernels().packed() && !program.kernels().precision().isHalf() && PackedKernels.fuses(activation)) {
            return PackedKernels.feedForward(
                    x,
                    program.matrix(List.of(inner), hidden, intermediate),
                    program.bias(List.of(inner), intermediate),
                    program.matrix(List.of(outer), intermediate, hidden),
                    program.bias(List.of(outer), hidden),
                    activation);
        }
        Tensor between = linear(x, inner, hidden, intermediate, activation); // [B, L, F]
        return linearPlus(x, between, outer, intermediate, hidden, dropout);
    }

    /** Returns a linear map that is always computed in 32 bits, for the few rows of a head: [B, I] -> [B, O]. */
    static Tensor headLinear(Tensor x, String layer, int in, int out) {
        return headLinear(x, layer, in, out, true);
    }

    /** Returns a linear map, with or without a bias, that is always computed in 32 bits: [B, I] -> [B, O]. */
    static Tensor headLinear(Tensor x, String layer, int in, int out, boolean biased) {
        Function function = x.function();
        return function.call(
                "torch.linear",
                exact(x),
                function.weight(layer + ".weight", out, in),
                biased ? function.weight(layer + ".bias", out) : Literal.NONE);
    }

    /** Splits concatenated vectors into attention heads: [B, L, n H] -> n of [B, A, L, D]. */
    static List<Tensor> heads(Tensor x, int parts, int heads, int size) {
        Dimension batch = x.size(0);
        Dimension length = x.size(1);
        Tensor split = x.reshape(batch, length, parts, heads, size) // [B, L, n, A, D]
                .permute(2, 0, 3, 1, 4); // [n, B, A, L, D]
        return IntStream.range(0, parts).mapToObj(part -> split.select(0, part)).toList();
    }

    /** Concatenates the vectors of the heads again: [B, A, L, D] -> [B, L, A D]. */
    static Tensor merged(Tensor x, int size) {
        Tensor rows = x.transpose(1, 2); // [B, L, A, D]
        return rows.reshape(rows.size(0), rows.size(1), size);
    }

    /**
     * Returns {@code dropped(softmax(scale q k^T + mask)) v}: [B, A, L, D].
     *
     * @param mask 32-bit floats that can be expanded to [B, A, L, L], or empty if every token attends to every other
     */
    static Tensor attention(Tensor query, Tensor key, Tensor value, Optional<Tensor> mask, double scale) {
        return query.function()
                .call(
                        "torch.scaled_dot_product_attention",
                        query,
                        key,
                        value,
                        mask.isPresent() ? mask.get() : Literal.NONE,
                        query.function().dropout().attention(),
                        false,
                        new NamedArgument("scale", scale));
    }

    /** The names of the three linear maps of an attention layer. */
    record Projections(String query, String key, String value) {}

    /**
     * Returns the result of full attention for the first token alone: [B, L, H] -> [B, 1, H].
     *
     * <p>With a single query, the keys and values of the sequence need not be computed. {@code q . (W_k x_j + b_k)}
     * equals {@code (W_k^T q) . x_j} plus a number that is the same for all j, which softmax ignores. The weighted sum
     * of {@code W_v x_j + b_v} is {@code W_v} times the weighted sum of x_j, plus {@code b_v}. This takes O(L A H)
     * instead of O(L H^2). If weights are dropped, their sum is no longer 1, so b_v is multiplied by it.
     *
     * @param mask what is added to the scores, [B or 1, A or 1, 1, L], or empty if nothing is
     */
    static Tensor firstTokenAttention(
            Tensor x, Projections projections, int hidden, int heads, int size, Optional<Tensor> mask) {
        Function function = x.function();
        int width = heads * size;
        Tensor first = x.slice(1, 0, 1); // [B, 1, H]
        Dimension batch = x.size(0);
        Tensor query = headLinear(first, projections.query(), hidden, width)
                .times(1 / Math.sqrt(size))
                .reshape(batch, heads, 1, size); // [B, A, 1, D]
        Tensor keyMatrix =
                function.weight(projections.key() + ".weight", width, hidden).reshape(heads, size, hidden); // [A, D, H]
        function.weight(projections.key() + ".bias", width); // declared so that it is checked, although it cancels out
        Tensor probe = query.matMul(keyMatrix).reshape(batch, heads, hidden); // [B, A, H]
        Tensor scores = probe.matMul(x.transpose(1, 2)); // [B, A, L]
        if (mask.isPresent()) {
            scores = scores.plus(mask.get().select(2, 0)); // [B or 1, A or 1, L]
        }
        double dropout = function.dropout().attention();
        Tensor weights = scores.softmax().dropped(dropout); // [B, A, L]
        Tensor mean = weights.matMul(x).unsqueeze(3); // [B, A, H, 1]
        Tensor valueMatrix = function.weight(projections.value() + ".weight", width, hidden)
                .reshape(heads, size, hidden); // [A, D, H]
        Tensor values = valueMatrix
                .matMul(mean) // [B, A, D, 1]
                .reshape(batch, 1, width); // [B, 1, A D]
        Tensor bias = function.weight(projections.value() + ".bias", width); // [A D]
        if (dropout > 0) {
            bias = weights.sum(2) // [B, A]
                    .unsqueeze(2)
                    .times(bias.reshape(heads, size)) // [B, A, D]
                    .reshape(batch, 1, width);
        }
        return values.plus(bias);
    }

    /** Returns the mask that hides padding from the scores, [B, 1, 1, L]. */
    static Tensor paddingMask(Tensor ids, Tensor lengths) {
        return ids.function()
                .range(ids.size(1)) // [L]
                .unsqueeze(0)
                .atLeast(lengths.unsqueeze(1)) // [B, L]
                .asMask()
                .unsqueeze(1)
                .unsqueeze(1);
    }

    /** Returns x in the precision of the kernels. */
    static Tensor rounded(Tensor x) {
        Kernels kernels = x.function().program().kernels();
        return kernels.precision().isHalf() ? x.function().call("torch.to", x, kernels.scriptType()) : x;
    }

    /** Returns x in 32 bits. */
    static Tensor exact(Tensor x) {
        return x.function().program().kernels().precision().isHalf() ? x.toFloat() : x;
    }
}
