package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.SafetyEvaluatorContract;
import org.junit.jupiter.api.io.TempDir;

class TransformerEvaluatorBertContractTest extends SafetyEvaluatorContract {
    @TempDir
    private Path directory;

    @Override
    protected SafetyEvaluator open() throws IOException {
        return TinyCheckpoint.open(TinyCheckpoint.copy(directory, "bert-action"));
    }

    @Override
    protected double tolerance() {
        return 1e-5;
    }
}
