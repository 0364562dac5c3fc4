package org.donotanswer.classifier.transformer;

import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Literal;

/**
 * Linear maps by oneDNN with packed matrices: PyTorch's {@code mkldnn::_linear_pointwise}, which fuses activation or
 * residual sum into the product at almost no cost.
 *
 * <p>The rows are split where that is faster. With 129 to 175 rows and a wide matrix, oneDNN is 20 % slower than with
 * two halves; and with many rows, the intermediate rows of a feed-forward network do not stay in the cache between the
 * two products.
 */
final class PackedKernels {
    /** The functions that every program with packed matrices contains. */
    static final String SOURCE =
            """
              def parts(self: __torch__.Program, x: Tensor) -> int:
                rows = torch.floordiv(torch.numel(x), (torch.size(x))[-1])
                parts = 1
                if torch.gt(rows, 1024):
                  parts = torch.floordiv(torch.add(rows, 255), 256)
                else:
                  if torch.gt(rows, 128):
                    if torch.lt(rows, 176):
                      parts = 2
                    else:
                      parts = 1
                  else:
                    parts = 1
                return parts
              def linear(self: __torch__.Program, x: Tensor, w: Tensor, b: Tensor, f: str, a: str) -> Tensor:
                parts = self.parts(x)
                if torch.eq(parts, 1):
                  y = ops.mkldnn._linear_pointwise(x, w, b, f, annotate(List[Optional[number]], []), a)
                else:
                  ys = annotate(List[Tensor], [])
                  for rows in torch.chunk(torch.reshape(x, [-1, (torch.size(x))[-1]]), parts, 0):
                    ys2 = torch.append(ys, ops.mkldnn._linear_pointwise(rows, w, b, f, annotate(List[Optional[number]], []), a))
                  y = torch.reshape(torch.cat(ys, 0), [(torch.size(x))[0], (torch.size(x))[1], -1])
                return y
              def padded_linear(self: __torch__.Program, x: Tensor, w: Tensor, b: Tensor, before: int, after: int) -> Tensor:
                ys = annotate(List[Tensor], [])
                _0 = torch.append(ys, x)
                for rows in torch.chunk(torch.reshape(x, [-1, (torch.size(x))[-1]]), self.parts(x), 0):
                  _1 = torch.append(ys, ops.mkldnn._linear_pointwise(rows, w, b, "none", annotate(List[Optional[number]], []), "none"))
                width = (torch.size(ys[-1]))[1]
                _2 = torch._set_item(ys, 0, torch.new_zeros(ys[-1], [before, width]))
                _3 = torch.append(ys, torch.new_zeros(ys[-1], [after, width]))
                return torch.cat(ys, 0)
              def feed_forward(self: __torch__.Program, x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, f: str, a: str) -> Tensor:
                ys = annotate(List[Tensor], [])
                for rows in torch.chunk(torch.reshape(x, [-1, (torch.size(x))[-1]]), self.parts(x), 0):
                  inner = ops.mkldnn._linear_pointwise(rows, w1, b1, f, annotate(List[Optional[number]], []), a)
                  ys2 = torch.append(ys, ops.mkldnn._linear_pointwise(inner, rows, w2, b2, "add"))
                if torch.eq(torch.len(ys), 1):
                  y = ys[0]
                else:
                  y = torch.cat(ys, 0)
                return torch.reshape(y, torch.size(x))
            """;

    private PackedKernels() {}

    /** Returns whether the activation is fused into the product. */
    static boolean fuses(Activation activation) {
        return switch (activation) {
            case GELU, GELU_TANH, RELU, IDENTITY -> true;
            default -> false;
        };
    }

    private static Literal name(Activation activation) {
        return Literal.quoted(
                switch (activation) {
                    case GELU, GELU_TANH -> "gelu";
                    case RELU -> "relu";
                    default -> "none";
                });
    }

    private static Literal algorithm(Activation activation) {
        return Literal.quoted(activation == Activation.GELU_TANH ? "tanh" : "none");
    }

    /** Returns {@code activation(x W^T + b)}: [B, L, I] -> [B, L, O]. */
    static Tensor linear(Tensor x, Tensor matrix, Tensor bias, Activation activation) {
        Tensor result = x.function().call("self.linear", x, matrix, bias, name(activation), algorithm(activation));
        return fuses(activation) ? result : result.activated(activation);
    }

    /** Returns {@code x W^T + b} of one sequence with rows of zeros around it: [1, L, I] -> [before + L + after, O]. */
    static Tensor paddedLinear(Tensor x, Tensor matrix, Tensor bias, Object before, Object after) {
        return x.function().call("self.padded_linear", x, matrix, bias, before, after);
    }

    /** Returns {@code residual + x W^T + b}: [B, L, I], [B, L, O] -> [B, L, O]. */
    static Tensor linearPlus(Tensor residual, Tensor x, Tensor matrix, Tensor bias) {
        return x.function().call("ops.mkldnn._linear_pointwise", x, residual, matrix, bias, Literal.quoted("add"));
    }

    /**
     * Returns the feed-forward network of a layer with its residual sum, for weights given by their slots: [B, L, H].
     */
    static Tensor feedForward(
            Tensor x, int innerMatrix, int innerBias, int outerMatrix, int outerBias, Activation activation) {
        Function function = x.function();
        return function.call(
                "self.feed_forward",
                x,
                function.slot(innerMatrix),
                function.slot(innerBias),
                function.slot(outerMatrix),
                function.slot(outerBias),
                name(activation),
                algorithm(activation));
    }
}
