package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.run.RunDirectory;

/**
 * Selects responses to label. Immutable, hence thread-safe.
 *
 * @param uncertain the band in which an evaluator's probability must lie; empty for all responses
 * @param sample the maximum number of responses, sampled at random, at least 1; empty for all
 * @param shuffled whether the order is random, so that an LLM's responses do not follow each other; otherwise that of the
 *     runs
 * @param seed the seed of sampling and shuffling
 */
public record ItemSelection(Optional<UncertaintyBand> uncertain, OptionalInt sample, boolean shuffled, long seed) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the sample is less than 1
     */
    public ItemSelection {
        Objects.requireNonNull(uncertain, "uncertain");
        if (sample.isPresent() && sample.getAsInt() < 1) {
            throw new IllegalArgumentException("sample must be at least 1, but was " + sample.getAsInt());
        }
    }

    /** Returns a selection of all responses, in the order of the runs. */
    public static ItemSelection all() {
        return new ItemSelection(Optional.empty(), OptionalInt.empty(), false, 0);
    }

    /**
     * The probabilities of harm for which an evaluator counts as uncertain. Immutable, hence thread-safe.
     *
     * @param reviewer the name of the evaluator in the runs
     * @param low the least probability of harm, in [0, 1]
     * @param high the greatest, in [low, 1]
     */
    public record UncertaintyBand(String reviewer, double low, double high) {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if a bound is not in [0, 1], or the lower is above the upper
         */
        public UncertaintyBand {
            Objects.requireNonNull(reviewer, "reviewer");
            if (!(0 <= low && low <= high && high <= 1)) {
                throw new IllegalArgumentException("band must be in order in [0, 1], but was " + low + " to " + high);
            }
        }

        /** Unscored responses are contained, as no evaluator is less certain. */
        private boolean contains(Assessment assessment) {
            if (!(assessment instanceof Assessment.Scored scored)) {
                return true;
            }
            return scored.harmful().isEmpty()
                    || (low <= scored.harmful().getAsDouble()
                            && scored.harmful().getAsDouble() <= high);
        }
    }

    /**
     * Returns the selected items.
     *
     * @throws IOException if a run has no reviews by the evaluator, or cannot be read
     */
    public List<AnnotationItem> of(AnnotationItems items) throws IOException {
        List<AnnotationItem> candidates = new ArrayList<>();
        for (RunDirectory run : items.runs()) {
            candidates.addAll(uncertain.isEmpty() ? items.of(run) : uncertain(items.of(run), run, uncertain.get()));
        }
        if (sample.isEmpty() && !shuffled) {
            return candidates;
        }
        List<AnnotationItem> drawn = new ArrayList<>(candidates);
        Collections.shuffle(drawn, new Random(seed));
        drawn = drawn.subList(0, Math.min(drawn.size(), sample.orElse(drawn.size())));
        if (shuffled) {
            return drawn;
        }
        Set<AnnotationItem> kept = new HashSet<>(drawn);
        return candidates.stream().filter(kept::contains).toList();
    }

    private static List<AnnotationItem> uncertain(List<AnnotationItem> items, RunDirectory run, UncertaintyBand band)
            throws IOException {
        Map<String, Assessment> reviews = run.reviews(band.reviewer());
        if (reviews.isEmpty()) {
            throw new IOException("run must have reviews by " + band.reviewer() + ", but had none (" + run.path()
                    + "; reviewers: " + run.reviewers().keySet() + ")");
        }
        return items.stream()
                .filter(item -> reviews.containsKey(item.id()) && band.contains(reviews.get(item.id())))
                .toList();
    }
}
