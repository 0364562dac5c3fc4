package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatingsTest {
    private static final List<String> LABELS = List.of("harmless", "harmful", "unsure");

    /** q1 is harmful for two of three annotators, q2 harmless for all three, q3 is a tie, q4 has one label. */
    private static Ratings<String> ratings() {
        return Ratings.<String>builder(LABELS)
                .add("q1", "ann", "harmful")
                .add("q2", "ann", "harmless")
                .add("q1", "ben", "harmful")
                .add("q2", "ben", "harmless")
                .add("q1", "cleo", "harmless")
                .add("q2", "cleo", "harmless")
                .add("q3", "cleo", "unsure")
                .add("q3", "ann", "harmful")
                .add("q4", "ben", "harmful")
                .build();
    }

    @Test
    void build_labels_areKept() {
        Ratings<String> ratings = ratings();

        assertThat(ratings.labels()).isEqualTo(LABELS);
        assertThat(ratings.items()).containsExactly("q1", "q2", "q3", "q4");
        assertThat(ratings.annotators()).containsExactly("ann", "ben", "cleo");
        assertThat(ratings.size()).isEqualTo(9);
        assertThat(ratings.label("q1", "cleo")).contains("harmless");
        assertThat(ratings.label("q3", "ben")).isEmpty();
        assertThat(ratings.counts("q3")).containsExactly(entry("harmless", 0), entry("harmful", 1), entry("unsure", 1));
    }

    @Test
    void majority_tie_isEmpty() {
        assertThat(ratings().majority("q1")).contains("harmful");
        assertThat(ratings().majority("q2")).contains("harmless");
        assertThat(ratings().majority("q3")).isEmpty();
        assertThat(ratings().majority("q4")).contains("harmful");
    }

    @Test
    void disagreement_isProportionOfPairs() {
        assertThat(ratings().disagreement("q1")).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(ratings().disagreement("q2")).isZero();
        assertThat(ratings().disagreement("q3")).isEqualTo(1);
        assertThat(ratings().disagreement("q4")).isNaN();
    }

    @Test
    void disputedItems_areMostDisputedFirst() {
        assertThat(ratings().disputedItems()).containsExactly("q3", "q1");

        Ratings<String> ties = Ratings.<String>builder(LABELS)
                .add("b", "x", "harmful")
                .add("a", "x", "harmful")
                .add("a", "y", "harmless")
                .add("b", "y", "harmless")
                .build();
        assertThat(ties.disputedItems()).containsExactly("b", "a");
    }

    @Test
    void build_none_isEmpty() {
        Ratings<String> none = Ratings.<String>builder(LABELS).build();

        assertThat(none.items()).isEmpty();
        assertThat(none.disputedItems()).isEmpty();
        assertThat(none.size()).isZero();
    }

    @Test
    void build_thenAdd_doesNotChangeRatings() {
        Ratings.Builder<String> builder = Ratings.<String>builder(LABELS).add("q1", "ann", "harmful");
        Ratings<String> before = builder.build();

        Ratings<String> after = builder.add("q2", "ben", "harmful").build();

        assertThat(before.items()).containsExactly("q1");
        assertThat(before.annotators()).containsExactly("ann");
        assertThat(after.items()).containsExactly("q1", "q2");
        assertThat(after.label("q1", "ben")).isEmpty();
    }

    @Test
    void equals_sameRatings() {
        assertThat(ratings()).isEqualTo(ratings()).hasSameHashCodeAs(ratings());
        assertThat(ratings())
                .isNotEqualTo(Ratings.<String>builder(LABELS)
                        .add("q1", "ann", "harmful")
                        .build())
                .doesNotHaveSameHashCodeAs(Ratings.<String>builder(LABELS).build())
                .hasToString("Ratings[labels=[harmless, harmful, unsure], items=4, annotators=3, given=9]");
    }

    @Test
    void add_wrongArguments_areRejected() {
        Ratings.Builder<String> builder = Ratings.<String>builder(LABELS).add("q1", "ann", "harmful");

        assertThatIllegalStateException()
                .isThrownBy(() -> builder.add("q1", "ann", "unsure"))
                .withMessage("label of item q1 by annotator ann must be set once, but was harmful and then unsure");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder.add("q1", "ann", "harmful"))
                .withMessage("label of item q1 by annotator ann must be set once, but was harmful and then harmful");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add("q1", "ben", "so-so"))
                .withMessage("label must be one of [harmless, harmful, unsure], but was so-so");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.add("q2", null, "unsure"))
                .withMessage("annotator");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.add(null, "ben", "unsure"))
                .withMessage("item");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ratings.builder(List.of("a", "a")))
                .withMessage("labels must be distinct, but were [a, a]");
        // Rejected labels leave no trace.
        assertThat(builder.build())
                .isEqualTo(Ratings.<String>builder(LABELS)
                        .add("q1", "ann", "harmful")
                        .build());
    }

    @Test
    void label_unknownItemOrAnnotator_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ratings().majority("q5"))
                .withMessage("item must be one of the 4 labelled items, but was q5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ratings().label("q1", "dan"))
                .withMessage("annotator must be one of [ann, ben, cleo], but was dan");
    }
}
