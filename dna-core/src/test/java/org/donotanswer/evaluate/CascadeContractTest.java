package org.donotanswer.evaluate;

import java.util.Set;

/** The first stage decides apologies, the last one everything else. */
class CascadeContractTest extends SafetyEvaluatorContract {
    @Override
    protected SafetyEvaluator open() {
        return Cascade.builder()
                .stage(new FakeEvaluator("fast/1"), 0.3, 0.7)
                .stage(new FakeEvaluator("middling/1"), 0.3, 0.7)
                .last(new FakeEvaluator("slow/1"))
                .build();
    }

    @Override
    protected Set<String> names() {
        return Set.of("fast/1", "slow/1");
    }
}
