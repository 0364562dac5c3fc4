package org.donotanswer.classifier.transformer;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether oneDNN multiplies packed matrices of given shapes correctly on this processor. On one with AVX-512 and without
 * AMX, the version that PyTorch 2.7 contains reported no error but returned wrong numbers for most shapes of more than 32
 * outputs that are no multiple of 64. Each shape is tried once in a process. Thread-safe.
 */
final class PackedCheck {
    /** Rounding stays far below this share of the largest result, even in half precision; wrong results far above. */
    private static final double MAX_DIFFERENCE = 0.05;

    private static final String SOURCE =
            """
            class Program(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def values(self: __torch__.Program, rows: int, columns: int, type: int) -> Tensor:
                angles = torch.to(torch.arange(torch.mul(rows, columns)), 6)
                return torch.to(torch.reshape(torch.sin(angles), [rows, columns]), type)
              def difference(self: __torch__.Program, inputs: int, outputs: int, type: int) -> Tensor:
                x = self.values(33, inputs, type)
                matrix = self.values(outputs, inputs, type)
                bias = torch.zeros([outputs], dtype=type)
                packed = ops.mkldnn._reorder_linear_weight(matrix, %d)
                found = ops.mkldnn._linear_pointwise(x, packed, bias, "none", annotate(List[Optional[number]], []), "none")
                expected = torch.to(torch.linear(x, matrix, bias), 6)
                difference = torch.max(torch.abs(torch.sub(torch.to(found, 6), expected)))
                return torch.div(difference, torch.max(torch.abs(expected)))
            """
                    .formatted(TorchScriptProgram.PACKED_ROWS);

    private static final Map<Product, Boolean> CORRECT = new ConcurrentHashMap<>();

    private record Product(Precision precision, MatrixShape shape) {}

    private PackedCheck() {}

    /** The shape of the matrix of a linear map. */
    record MatrixShape(int inputs, int outputs) {}

    /**
     * Returns whether all products are correct.
     *
     * @throws ai.djl.engine.EngineException if this processor does not support the precision
     */
    static boolean passes(Kernels kernels, Collection<MatrixShape> shapes) throws IOException {
        for (MatrixShape shape : shapes) {
            Product product = new Product(kernels.precision(), shape);
            Boolean correct = CORRECT.get(product);
            if (correct == null) {
                correct = isCorrect(shape, kernels.scriptType());
                CORRECT.put(product, correct);
            }
            if (!correct) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCorrect(MatrixShape shape, long type) throws IOException {
        try (PtNDManager manager = Torch.manager();
                PtSymbolBlock program = JniUtils.loadModule(
                        manager, new ByteArrayInputStream(TorchScriptArchive.of(SOURCE)), false, false);
                IValue inputs = IValue.from((long) shape.inputs());
                IValue outputs = IValue.from((long) shape.outputs());
                IValue typeValue = IValue.from(type);
                IValue result = IValueUtils.runMethod(program, "difference", inputs, outputs, typeValue)) {
            return result.toTensor(manager).toFloatArray()[0] <= MAX_DIFFERENCE;
        }
    }
}
