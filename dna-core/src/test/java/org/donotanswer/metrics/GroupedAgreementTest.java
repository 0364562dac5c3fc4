package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Intervals of agreement from bootstrap samples of whole groups. */
class GroupedAgreementTest {
    private static final Bootstrap BOOTSTRAP = Bootstrap.of(100, 0.95, 1);
    /** Both groups have the same labels, so that all samples of groups are the same. */
    private static final Ratings<Boolean> RATINGS = Ratings.<Boolean>builder(List.of(true, false))
            .add("a", "alice", true)
            .add("a", "bob", true)
            .add("b", "alice", true)
            .add("b", "bob", false)
            .add("c", "alice", true)
            .add("c", "bob", true)
            .add("d", "alice", true)
            .add("d", "bob", false)
            .build();

    private static final List<String> GROUPS = List.of("1", "1", "2", "2");

    @Test
    void groups_areDrawnWhole() {
        var percent = InterAnnotatorAgreement.percentAgreement(RATINGS, GROUPS, BOOTSTRAP);
        assertThat(percent.value()).isEqualTo(0.5);
        assertThat(percent.interval()).isEqualTo(new Interval(0.5, 0.5));
        assertThat(InterAnnotatorAgreement.fleissKappa(RATINGS, GROUPS, BOOTSTRAP)
                        .interval()
                        .width())
                .isZero();
        assertThat(InterAnnotatorAgreement.krippendorffsAlpha(RATINGS, GROUPS, BOOTSTRAP)
                        .interval()
                        .width())
                .isZero();
        assertThat(InterAnnotatorAgreement.cohensKappa(RATINGS, "alice", "bob", GROUPS, BOOTSTRAP)
                        .interval()
                        .width())
                .isZero();
        assertThat(InterAnnotatorAgreement.percentAgreement(RATINGS, BOOTSTRAP)
                        .interval()
                        .width())
                .isPositive();
    }

    @Test
    void groups_wrongNumber_areRejected() {
        assertThatThrownBy(() -> InterAnnotatorAgreement.fleissKappa(RATINGS, List.of("1"), BOOTSTRAP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("groups must be one for each of the 4 items, but were 1");
    }
}
