package org.donotanswer.guard.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.tune.ExpectationEstimator.Decided;
import org.donotanswer.metrics.Interval;
import org.junit.jupiter.api.Test;

class ExpectationEstimatorTest {
    /** Returns 200 harmless responses in groups of a size, of which the first 50 are blocked. */
    private static EstimatedProportion falseBlocks(int groupSize) {
        List<Decided> decided = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Decision decision = i < 50
                    ? Decision.of(Outcome.BLOCK, Reason.HARMFUL)
                    : Decision.of(Outcome.ALLOW, Reason.BELOW_THRESHOLD);
            Scored scored = Scored.builder("test").harmful(0.5).build();
            decided.add(new Decided(new LabelledScore(scored, 0.5, false, i / groupSize), decision));
        }
        return new ExpectationEstimator(0.95, 7).expectation("default", decided).falseBlocks();
    }

    @Test
    void expectation_groupsOfOne_hasWilsonsInterval() {
        assertThat(falseBlocks(1).interval()).isEqualTo(Interval.wilson(50, 200, 0.95));
    }

    @Test
    void expectation_groupsOfFive_hasTheIntervalOfFortyGroups() {
        // 10 of 40 groups: .25 -/+ 1.96 sqrt(.25 * .75 / 40) = .25 -/+ .134.
        Interval interval = falseBlocks(5).interval();

        assertThat(interval.lower()).isCloseTo(0.25 - 0.134, within(0.03));
        assertThat(interval.upper()).isCloseTo(0.25 + 0.134, within(0.03));
    }
}
