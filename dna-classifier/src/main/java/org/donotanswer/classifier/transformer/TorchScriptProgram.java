package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.donotanswer.classifier.transformer.PackedCheck.MatrixShape;

/**
 * Writes the forward pass of a model as one TorchScript program, so that a whole pass is a single native call. When
 * operations are called one by one, a short pass spends a third of its time between them, and PyTorch's packed oneDNN
 * products with fused activation and residual sum are not available.
 *
 * <p>An architecture calls {@link #function} for each form of the pass and describes it with {@link Tensor}s, whose
 * methods write one line of script each. Weights are declared by name and shape when they are used; checkpoints are
 * validated against these declarations. The weights are passed to the program twice: once to {@code pack}, as they are
 * in the file, and its result to every later call. Not thread-safe, but the program written is.
 *
 * @see <a href="https://pytorch.org/docs/2.7/jit_language_reference.html">TorchScript language reference</a>
 */
final class TorchScriptProgram {
    /** Name of the function that converts the weights of the file to the list that all other functions take. */
    static final String PACK = "pack";

    /**
     * The number of rows that a packed matrix is laid out for. Layouts for 16 to 2,048 rows perform within a few per
     * cent of each other.
     */
    static final int PACKED_ROWS = 512;

    private static final Pattern RAW = Pattern.compile("raw\\[(\\d+)]");

    private final Kernels kernels;
    private final Map<String, List<Long>> declared = new LinkedHashMap<>();
    private final Map<String, Integer> indices = new HashMap<>();
    private final Map<String, Integer> slots = new LinkedHashMap<>();
    private final List<String> packing = new ArrayList<>();
    private final Set<MatrixShape> matrices = new LinkedHashSet<>();
    private final List<Function> functions = new ArrayList<>();

    TorchScriptProgram(Kernels kernels) {
        this.kernels = Objects.requireNonNull(kernels, "kernels");
    }

    Kernels kernels() {
        return kernels;
    }

    /** Starts a function {@code (ids [B, L], types [B, L], lengths [B]) -> logits [B, labels]}. */
    Function function(String name) {
        Function function = new Function(this, name);
        functions.add(function);
        return function;
    }

    /** Returns the shapes of all declared weights by name, in the order in which {@code pack} takes them. */
    Map<String, List<Long>> weights() {
        return Collections.unmodifiableMap(declared);
    }

    /** Returns the shapes of the matrices in the layout of the kernels. */
    Set<MatrixShape> matrices() {
        return Collections.unmodifiableSet(matrices);
    }

    /** Returns the names of the weights whose memory is used in place rather than copied. */
    Set<String> aliased() {
        List<String> names = List.copyOf(declared.keySet());
        return packing.stream()
                .map(RAW::matcher)
                .filter(Matcher::matches)
                .map(match -> names.get(Integer.parseInt(match.group(1))))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the slot of a weight that is used as it is in the file. */
    int plain(String name, long... shape) {
        int source = declare(name, shape);
        return slot(name, "raw[" + source + "]");
    }

    /**
     * Returns the slot of the stacked weight matrices of linear maps of one input, in the layout that the kernels
     * require.
     *
     * @param in the number of inputs of each map
     * @param out the number of outputs of each map
     */
    int matrix(List<String> names, int in, int out) {
        matrices.add(new MatrixShape(in, names.size() * out));
        String stacked = stacked(
                names.stream().map(name -> declare(name + ".weight", out, in)).toList());
        String cast =
                kernels.precision().isHalf() ? "torch.to(" + stacked + ", " + kernels.scriptType() + ")" : stacked;
        String packed =
                kernels.packed() ? "ops.mkldnn._reorder_linear_weight(" + cast + ", " + PACKED_ROWS + ")" : cast;
        return slot("matrix " + names, packed);
    }

    /** Returns the slot of the concatenated biases of linear maps of one input. */
    int bias(List<String> names, int out) {
        String stacked =
                stacked(names.stream().map(name -> declare(name + ".bias", out)).toList());
        String cast =
                kernels.precision().isHalf() ? "torch.to(" + stacked + ", " + kernels.scriptType() + ")" : stacked;
        return slot("bias " + names, cast);
    }

    /** Returns the slot of a bias of zeros, for a linear map that has none. */
    int noBias(int out) {
        return slot("no bias " + out, "torch.zeros([" + out + "], dtype=" + kernels.scriptType() + ")");
    }

    /**
     * Returns the slot of the frequencies of rotary position embeddings, {@code base^(-2 i / size)}: [size / 2], 32-bit
     * floats. The order of operations is that of the reference, as positions multiply every difference.
     */
    int rotaryFrequencies(double base, int size) {
        return slot(
                "rotary frequencies " + base + " " + size,
                "torch.reciprocal(torch.pow(" + base + ", torch.div(torch.to(torch.arange(0, " + size + ", 2), "
                        + Tensor.FLOAT32 + "), " + size + ")))");
    }

    private static String stacked(List<Integer> sources) {
        return sources.size() == 1
                ? "raw[" + sources.get(0) + "]"
                : sources.stream()
                        .map(source -> "raw[" + source + "]")
                        .collect(Collectors.joining(", ", "torch.cat([", "])"));
    }

    /** Declares a weight without using it, and returns its index among all weights. */
    int declare(String name, long... shape) {
        List<Long> dimensions = Arrays.stream(shape).boxed().toList();
        List<Long> before = declared.putIfAbsent(name, dimensions);
        if (before != null && !before.equals(dimensions)) {
            throw new IllegalStateException(name + " was declared with shape " + before + " and with " + dimensions);
        }
        return indices.computeIfAbsent(name, ignored -> indices.size());
    }

    private int slot(String key, String expression) {
        Integer existing = slots.get(key);
        if (existing != null) {
            return existing;
        }
        int slot = slots.size();
        slots.put(key, slot);
        packing.add(expression);
        return slot;
    }

    /** Returns the source of the program. */
    String source() {
        StringBuilder source = new StringBuilder(1 << 16);
        source.append("class Program(Module):\n");
        source.append("  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
        source.append("  def ").append(PACK).append("(self: __torch__.Program, raw: List[Tensor]) -> List[Tensor]:\n");
        source.append("    return [").append(String.join(",\n      ", packing)).append("]\n");
        if (kernels.packed()) {
            source.append(PackedKernels.SOURCE);
        }
        functions.forEach(function -> function.appendTo(source));
        return source.toString();
    }

    /** One function of a program, written line by line. */
    static final class Function {
        private final TorchScriptProgram program;
        private final String name;
        private final List<String> lines = new ArrayList<>();
        private int variables;

        private Function(TorchScriptProgram program, String name) {
            this.program = program;
            this.name = name;
        }

        /** Returns the token ids: INT64 [B, L]. */
        Tensor ids() {
            return new Tensor(this, "ids");
        }

        /** Returns the type of each token: INT64 [B, L]. */
        Tensor types() {
            return new Tensor(this, "types");
        }

        /** Returns the number of tokens of each sequence without padding: INT64 [B]. */
        Tensor lengths() {
            return new Tensor(this, "lengths");
        }

        TorchScriptProgram program() {
            return program;
        }

        Dropout dropout() {
            return program.kernels.dropout();
        }

        /** Returns a weight as it is in the file. */
        Tensor weight(String weight, long... shape) {
            return slot(program.plain(weight, shape));
        }

        Tensor slot(int slot) {
            return new Tensor(this, "w[" + slot + "]");
        }

        /** Writes {@code variable = operation(arguments)} and returns the variable. */
        Tensor call(String operation, Object... arguments) {
            return new Tensor(this, assign(invocation(operation, arguments)));
        }

        /** Writes a call with two results and returns them. */
        List<Tensor> callForTwo(String operation, Object... arguments) {
            String first = "t" + variables++;
            String second = "t" + variables++;
            lines.add(first + ", " + second + " = " + invocation(operation, arguments));
            return List.of(new Tensor(this, first), new Tensor(this, second));
        }

        /** Writes an integer that depends on the shape of the input, and returns it. */
        Dimension dimension(String expression) {
            return new Dimension(this, assign(expression));
        }

        /** Returns 0, 1, .., n - 1: INT64 [n]. */
        Tensor range(Object n) {
            return call("torch.arange", n);
        }

        private String assign(String expression) {
            String variable = "t" + variables++;
            lines.add(variable + " = " + expression);
            return variable;
        }

        /** Ends the function with its result. */
        void result(Tensor tensor) {
            lines.add("return " + tensor.name());
        }

        private void appendTo(StringBuilder source) {
            source.append("  def ").append(name);
            source.append(
                    "(self: __torch__.Program, ids: Tensor, types: Tensor, lengths: Tensor, w: List[Tensor]) -> Tensor:\n");
            lines.forEach(line -> source.append("    ").append(line).append('\n'));
        }
    }

    /** An integer of a running program, for example the length of the longest sequence. */
    record Dimension(Function function, String name) {
        Dimension plus(Object other) {
            return function.dimension("torch.add(" + name + ", " + literal(other) + ")");
        }

        Dimension minus(Object other) {
            return function.dimension("torch.sub(" + name + ", " + literal(other) + ")");
        }

        Dimension times(Object other) {
            return function.dimension("torch.mul(" + name + ", " + literal(other) + ")");
        }

        /** Returns the quotient, rounded up. */
        Dimension dividedUp(int divisor) {
            return function.dimension(
                    "torch.floordiv(torch.add(" + name + ", " + (divisor - 1) + "), " + divisor + ")");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A keyword argument. */
    record NamedArgument(String name, Object value) {}

    private static String invocation(String operation, Object... arguments) {
        return Arrays.stream(arguments)
                .map(TorchScriptProgram::literal)
                .collect(Collectors.joining(", ", operation + "(", ")"));
    }

    private static String literal(Object value) {
        if (value instanceof Tensor tensor) {
            return tensor.name();
        } else if (value instanceof Dimension dimension) {
            return dimension.name();
        } else if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        } else if (value instanceof Number) {
            return value.toString();
        } else if (value instanceof NamedArgument named) {
            return named.name() + "=" + literal(named.value());
        } else if (value instanceof List<?> list) {
            return list.stream().map(TorchScriptProgram::literal).collect(Collectors.joining(", ", "[", "]"));
        } else if (value instanceof Literal literal) {
            return literal.text();
        }
        throw new IllegalArgumentException("argument must have a TorchScript form, but was " + value.getClass());
    }

    /** Text that is written into the program verbatim, for example {@code None}. */
    record Literal(String text) {
        static final Literal NONE = new Literal("None");

        static Literal quoted(String text) {
            return new Literal('"' + text + '"');
        }
    }
}
