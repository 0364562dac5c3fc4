package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The passes that models are trained by have the gradients of their results, with and without dropout: moving the
 * weights a little changes the loss as much as the gradients say.
 */
class GradientTest {
    /** Small enough for the curvature of the loss, large enough for 32-bit floats. */
    private static final float STEP = 2e-3f;

    private static final int ROWS = 2;
    private static final int LENGTH = 12;

    @TempDir
    Path directory;

    /** The sum of the squares of the logits, and its gradient for each weight by name. */
    private record Result(double loss, Map<String, float[]> gradients) {
        double along(Map<String, float[]> direction) {
            return gradients.entrySet().stream()
                    .mapToDouble(entry -> {
                        float[] other = direction.get(entry.getKey());
                        return IntStream.range(0, other.length)
                                .mapToDouble(i -> (double) entry.getValue()[i] * other[i])
                                .sum();
                    })
                    .sum();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "albert, 0", "albert, 0.3",
        "bert, 0", "bert, 0.3",
        "deberta-v2, 0", "deberta-v2, 0.3",
        "distilbert, 0", "distilbert, 0.3",
        "electra, 0", "electra, 0.3",
        "longformer, 0", "longformer, 0.3",
        "modernbert, 0", "modernbert, 0.3",
        "mpnet, 0", "mpnet, 0.3",
        "roberta, 0", "roberta, 0.3"
    })
    void gradients_everyArchitecture_equalDifferencesOfLoss(String type, double rate) throws IOException {
        Path checkpoint = TinyCheckpoint.of(type).write(directory);
        for (String form : List.of(Architecture.FULL, Architecture.PADDED)) {
            try (Pass pass = new Pass(checkpoint, Dropout.uniform(rate), form)) {
                Map<String, float[]> direction = pass.direction();
                double expected = (pass.run(direction, STEP).loss()
                                - pass.run(direction, -STEP).loss())
                        / (2 * STEP);
                double actual = pass.run(direction, 0).along(direction);
                assertThat(actual).as(form).isCloseTo(expected, within(0.02 * Math.abs(expected) + 0.01));
            }
        }
    }

    /** With next to no attention left, what is attended to has no effect, and that includes the bias of the values. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "longformer"})
    void gradients_attentionDropped_valuesHaveNone(String type) throws IOException {
        Path checkpoint = TinyCheckpoint.of(type).write(directory);
        try (Pass pass = new Pass(checkpoint, Dropout.NONE.withAttention(1 - 1e-12), Architecture.PADDED)) {
            Result result = pass.run(pass.direction(), 0);
            result.gradients().forEach((name, gradient) -> {
                if (name.contains(".value")) {
                    assertThat(gradient).as(name).containsOnly(0f);
                }
            });
            assertThat(
                            result.gradients().get("classifier.bias") == null
                                    ? result.gradients().get("classifier.out_proj.bias")
                                    : result.gradients().get("classifier.bias"))
                    .doesNotContain(0f);
        }
    }

    /** A checkpoint with a program that runs one form of its pass and returns the loss with all gradients. */
    private static final class Pass implements AutoCloseable {
        private final String form;
        private final Map<String, float[]> weights = new LinkedHashMap<>();
        private final Map<String, List<Long>> shapes;
        private final PtNDManager manager = Torch.manager();
        private final PtSymbolBlock module;

        Pass(Path checkpoint, Dropout dropout, String form) throws IOException {
            this.form = form;
            TorchScriptProgram program = Architecture.of(CheckpointConfig.read(checkpoint))
                    .program(new Kernels(Precision.FLOAT32, false, dropout));
            shapes = program.weights();
            try (CheckpointWeights values = CheckpointWeights.open(checkpoint)) {
                for (String name : shapes.keySet()) {
                    weights.put(name, values.tensor(name).toFloats());
                }
            }
            String source = program.source() + script(form, shapes.size());
            module =
                    JniUtils.loadModule(manager, new ByteArrayInputStream(TorchScriptArchive.of(source)), false, false);
        }

        private static String script(String form, int weights) {
            String leaves = IntStream.range(0, weights).mapToObj(i -> "p" + i).collect(Collectors.joining(", "));
            StringBuilder script = new StringBuilder("  def check(self: __torch__.Program, ids: Tensor, types: Tensor,"
                    + " lengths: Tensor, weights: List[Tensor]) -> List[Tensor]:\n");
            for (int i = 0; i < weights; i++) {
                script.append("    p%d = torch.requires_grad_(torch.detach(weights[%d]), True)\n".formatted(i, i));
            }
            script.append("    y = (self).%s(ids, types, lengths, (self).pack([%s], ), )\n".formatted(form, leaves));
            script.append("    loss = torch.sum(torch.mul(y, y))\n");
            script.append("    grads = torch.grad([loss], [" + leaves
                    + "], annotate(Optional[List[Optional[Tensor]]], None), None, False, True)\n");
            script.append(
                    "    results = annotate(List[Tensor], [])\n    r = torch.append(results, torch.detach(loss))\n");
            for (int i = 0; i < weights; i++) {
                script.append("    g%d = grads[%d]\n    if torch.__isnot__(g%d, None):\n".formatted(i, i, i));
                script.append("      r%d = torch.append(results, unchecked_cast(Tensor, g%d))\n".formatted(i, i));
                script.append("    else:\n      r%d = torch.append(results, torch.zeros_like(p%d))\n".formatted(i, i));
            }
            return script.append("    return results\n").toString();
        }

        Map<String, float[]> direction() {
            SplittableRandom random = new SplittableRandom(5);
            Map<String, float[]> direction = new LinkedHashMap<>();
            weights.forEach((name, values) -> {
                float[] moves = new float[values.length];
                for (int i = 0; i < moves.length; i++) {
                    moves[i] = (float) (random.nextGaussian() * 0.1);
                }
                direction.put(name, moves);
            });
            return direction;
        }

        /** Runs the pass with the weights moved in a direction; every run drops the same values. */
        Result run(Map<String, float[]> direction, float step) {
            JniUtils.setSeed(3);
            // From its second run on, an optimised program may call operations, hence draw numbers, in another order.
            JniUtils.setGraphExecutorOptimize(false);
            JniUtils.setGradMode(true); // the engine turns it off in the thread that starts it
            try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
                NDList inputs = new NDList();
                long[] ids =
                        new SplittableRandom(1).longs(ROWS * LENGTH, 3, 270).toArray();
                Shape shape = new Shape(ROWS, LENGTH);
                add(inputs, "ids", Torch.longs(scope, ids, shape));
                add(inputs, "types", Torch.longs(scope, new long[ids.length], shape));
                long[] lengths = {LENGTH, form.equals(Architecture.PADDED) ? LENGTH - 5 : LENGTH};
                add(inputs, "lengths", Torch.longs(scope, lengths, new Shape(ROWS)));
                weights.forEach((name, values) -> add(inputs, "weights[]", moved(scope, name, direction, step)));
                add(inputs, "module_method:check", scope.create(0f));
                try (NDList results = IValueUtils.forward(module, inputs, true)) { // true records gradients
                    return result(results);
                }
            } finally {
                JniUtils.setGradMode(false);
                JniUtils.setGraphExecutorOptimize(true);
            }
        }

        private static void add(NDList inputs, String name, NDArray array) {
            array.setName(name);
            inputs.add(array);
        }

        private NDArray moved(PtNDManager scope, String name, Map<String, float[]> direction, float step) {
            float[] values = weights.get(name);
            ByteBuffer bytes =
                    ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < values.length; i++) {
                bytes.putFloat(values[i] + step * direction.get(name)[i]);
            }
            long[] shape = shapes.get(name).stream().mapToLong(Long::longValue).toArray();
            return Torch.floats(scope, bytes.flip(), new Shape(shape)).duplicate();
        }

        private Result result(NDList results) {
            Map<String, float[]> gradients = new LinkedHashMap<>();
            List<String> names = new ArrayList<>(weights.keySet());
            for (int i = 0; i < names.size(); i++) {
                gradients.put(names.get(i), results.get(i + 1).toFloatArray());
            }
            return new Result(results.get(0).getFloat(), gradients);
        }

        @Override
        public void close() {
            module.close();
            manager.close();
        }
    }
}
