package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.donotanswer.metrics.Ranking.Better;
import org.donotanswer.metrics.Ranking.Candidate;
import org.donotanswer.metrics.Ranking.RankedItem;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

    private static Candidate<String> candidate(String item, double estimate, double lower, double upper) {
        return Candidate.of(item, estimate, new Interval(lower, upper));
    }

    /** Returns item, best and worst rank of each ranked item. */
    private static List<String> ranks(Ranking<String> ranking) {
        return ranking.ranked().stream()
                .map(item -> item.item() + " " + item.best() + "-" + item.worst())
                .toList();
    }

    @Test
    void of_separateIntervals_areRanked() {
        List<Candidate<String>> candidates =
                List.of(candidate("b", 0.5, 0.45, 0.55), candidate("c", 0.2, 0.1, 0.3), candidate("a", 0.9, 0.8, 1));

        assertThat(ranks(Ranking.of(candidates, Better.HIGHER))).containsExactly("a 1-1", "b 2-2", "c 3-3");
        assertThat(ranks(Ranking.of(candidates, Better.LOWER))).containsExactly("c 1-1", "b 2-2", "a 3-3");
    }

    @Test
    void of_overlappingIntervals_shareRanks() {
        // a overlaps b, b overlaps c, but a and c do not.
        List<Candidate<String>> candidates = List.of(
                candidate("a", 0.9, 0.8, 1),
                candidate("b", 0.8, 0.65, 0.85),
                candidate("c", 0.6, 0.5, 0.7),
                candidate("d", 0.2, 0.1, 0.3));

        assertThat(ranks(Ranking.of(candidates, Better.HIGHER))).containsExactly("a 1-2", "b 1-3", "c 2-3", "d 4-4");
    }

    @Test
    void of_touchingIntervals_shareRanks() {
        assertThat(ranks(
                        Ranking.of(List.of(candidate("a", 0.9, 0.8, 1), candidate("b", 0.7, 0.6, 0.8)), Better.HIGHER)))
                .containsExactly("a 1-2", "b 1-2");
    }

    @Test
    void of_wideInterval_mayHaveBetterRankThanHigherEstimate() {
        assertThat(ranks(Ranking.of(
                        List.of(
                                candidate("a", 0.95, 0.92, 0.98),
                                candidate("b", 0.9, 0.89, 0.91),
                                candidate("c", 0.8, 0.5, 1)),
                        Better.HIGHER)))
                .containsExactly("a 1-2", "b 2-3", "c 1-3");
    }

    @Test
    void of_nanEstimate_isUnranked() {
        Ranking<String> ranking = Ranking.of(
                List.of(
                        Candidate.of("x", Double.NaN, UNKNOWN),
                        candidate("a", 0.5, 0.4, 0.6),
                        Candidate.of("y", Double.NaN, UNKNOWN),
                        candidate("b", 0.9, 0.8, 1)),
                Better.HIGHER);

        assertThat(ranks(ranking)).containsExactly("b 1-1", "a 2-2");
        assertThat(ranking.unranked()).extracting(Candidate::item).containsExactly("x", "y");
    }

    @Test
    void of_unknownInterval_differsFromNone() {
        assertThat(ranks(Ranking.of(
                        List.of(
                                Candidate.of("a", 0.9, UNKNOWN),
                                candidate("b", 0.5, 0.4, 0.6),
                                candidate("c", 0.1, 0, 0.2)),
                        Better.HIGHER)))
                .containsExactly("a 1-3", "b 1-2", "c 2-3");
    }

    @Test
    void of_sameEstimate_keepsOrder() {
        List<Candidate<String>> candidates =
                List.of(candidate("z", 0.0, 0, 0), candidate("a", -0.0, 0, 0), candidate("m", 0.0, 0, 0));

        assertThat(ranks(Ranking.of(candidates, Better.HIGHER))).containsExactly("z 1-3", "a 1-3", "m 1-3");
        assertThat(ranks(Ranking.of(candidates, Better.LOWER))).containsExactly("z 1-3", "a 1-3", "m 1-3");
    }

    @Test
    void of_noCandidates_isEmpty() {
        assertThat(Ranking.of(List.<Candidate<String>>of(), Better.LOWER))
                .isEqualTo(new Ranking<>(List.of(), List.of()));
    }

    @Test
    void of_significance_asksOfBetterEstimatesOnly() {
        List<String> asked = new ArrayList<>();
        List<Candidate<String>> candidates = List.of(
                Candidate.of("a", 0.1, UNKNOWN),
                Candidate.of("b", 0.2, UNKNOWN),
                Candidate.of("c", 0.3, UNKNOWN),
                Candidate.of("d", 0.3, UNKNOWN));

        Ranking<String> ranking = Ranking.of(candidates, Better.LOWER, (first, second) -> {
            asked.add(first + second);
            return first.equals("a") && !second.equals("b");
        });

        assertThat(ranks(ranking)).containsExactly("a 1-2", "b 1-4", "c 2-4", "d 2-4");
        assertThat(asked).containsExactlyInAnyOrder("ab", "ac", "ad", "bc", "bd");
    }

    @Test
    void of_significanceOfHigherEstimates_asksOfThese() {
        List<Candidate<String>> candidates = List.of(
                Candidate.of("a", 0.1, UNKNOWN), Candidate.of("b", 0.3, UNKNOWN), Candidate.of("c", 0.3, UNKNOWN));

        assertThat(ranks(Ranking.of(candidates, Better.HIGHER, (first, second) -> true)))
                .containsExactly("b 1-2", "c 1-2", "a 3-3");
    }

    @Test
    void of_wrongArguments_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ranking.of(
                        List.of(candidate("a", 0.5, 0, 1), Candidate.of("a", Double.NaN, UNKNOWN)), Better.LOWER))
                .withMessage("items must be distinct, but were repeated: a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RankedItem<>(candidate("a", 0.5, 0, 1), 3, 2))
                .withMessage("ranks must be at least 1, best first, but were 3 and 2");
    }

    @Property(seed = "20261201")
    void of_anyIntervals_isMirroredByOtherDirection(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 20) Integer> centers,
            @ForAll @Size(12) List<@IntRange(max = 5) Integer> widths) {
        List<Candidate<Integer>> candidates = new ArrayList<>();
        for (int i = 0; i < centers.size(); i++) {
            int center = centers.get(i);
            candidates.add(Candidate.of(i, center, new Interval(center - widths.get(i), center + widths.get(i))));
        }

        Ranking<Integer> higher = Ranking.of(candidates, Better.HIGHER);
        Ranking<Integer> lower = Ranking.of(candidates, Better.LOWER);

        assertThat(higher.ranked()).hasSameSizeAs(candidates).anyMatch(item -> item.best() == 1);
        for (RankedItem<Integer> item : higher.ranked()) {
            RankedItem<Integer> mirrored = lower.ranked().stream()
                    .filter(other -> other.item().equals(item.item()))
                    .findFirst()
                    .orElseThrow();
            assertThat(item.best()).isEqualTo(candidates.size() + 1 - mirrored.worst());
            assertThat(item.worst()).isEqualTo(candidates.size() + 1 - mirrored.best());
        }
    }
}
