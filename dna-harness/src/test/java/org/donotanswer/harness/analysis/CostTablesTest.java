package org.donotanswer.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.donotanswer.harness.review.ReviewStatistics;
import org.junit.jupiter.api.Test;

class CostTablesTest {
    private static ReviewStatistics interrupted(int batches) {
        return new ReviewStatistics(8, 3 + batches, 3, List.of());
    }

    @Test
    void interruptions_areCounted() {
        assertThat(CostTables.interruptions(List.of(interrupted(0)))).isEmpty();
        assertThat(CostTables.interruptions(List.of(interrupted(1), interrupted(0))))
                .isEqualTo(", without 1 interrupted batch, whose time and cost are not known");
        assertThat(CostTables.interruptions(List.of(interrupted(1), interrupted(2))))
                .isEqualTo(", without 3 interrupted batches, whose time and cost are not known");
    }
}
