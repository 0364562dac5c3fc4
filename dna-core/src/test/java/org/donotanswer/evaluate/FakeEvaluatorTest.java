package org.donotanswer.evaluate;

/** The contract itself, on the simplest evaluator. */
class FakeEvaluatorTest extends SafetyEvaluatorContract {
    @Override
    protected SafetyEvaluator open() {
        return new FakeEvaluator("fake/1");
    }
}
