package org.donotanswer.encoder;

import java.io.IOException;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.SafetyEvaluatorContract;

class EncoderEvaluatorContractTest extends SafetyEvaluatorContract {
    @Override
    protected SafetyEvaluator open() throws IOException {
        return TestEvaluators.of(FakeForwardPass.ofTokens(), TestStages.average());
    }
}
