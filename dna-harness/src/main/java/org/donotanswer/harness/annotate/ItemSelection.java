package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunReader;
import org.donotanswer.harness.run.StoredReview;

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
            IdIndex ids = new IdIndex();
            items.of(run).forEach(item -> ids.add(item.id()));
            BitSet included = candidates(run, ids);
            included.stream().forEach(i -> candidates.add(items.of(run).get(i)));
        }
        return draw(candidates);
    }

    /**
     * Returns the selected items of runs. Only their texts are in memory.
     *
     * @throws IOException as {@link #of(AnnotationItems)} and {@link AnnotationItems#of(List)}
     */
    public List<AnnotationItem> of(List<RunDirectory> runs) throws IOException {
        List<Place> candidates = new ArrayList<>();
        Map<RunDirectory, IdIndex> ids = new HashMap<>();
        for (RunDirectory run : runs) {
            IdIndex ofRun = run.responseIds();
            ids.put(run, ofRun);
            candidates(run, ofRun).stream().forEach(i -> candidates.add(new Place(run, i)));
        }
        List<Place> drawn = draw(candidates);
        Set<Place> selected = new HashSet<>(drawn);
        Map<Place, AnnotationItem> items = new HashMap<>();
        AnnotationItems read = AnnotationItems.of(
                runs, (run, id) -> selected.contains(new Place(run, ids.get(run).find(id))));
        for (RunDirectory run : runs) {
            read.of(run).forEach(item -> items.put(new Place(run, ids.get(run).find(item.id())), item));
        }
        return drawn.stream().map(items::get).toList();
    }

    /** A response by its run, which is compared by identity, and its number there. */
    private record Place(RunDirectory run, int response) {}

    /** Returns which responses of a run come into question, by their number. */
    private BitSet candidates(RunDirectory run, IdIndex ids) throws IOException {
        BitSet included = new BitSet(ids.size());
        if (uncertain.isEmpty()) {
            included.set(0, ids.size());
            return included;
        }
        String reviewer = uncertain.get().reviewer();
        try (RunReader<StoredReview> reviews = run.readReviews(reviewer)) {
            for (StoredReview review = reviews.next(); review != null; review = reviews.next()) {
                int response = ids.find(review.id());
                if (response >= 0 && uncertain.get().contains(review.assessment())) {
                    included.set(response);
                }
            }
            if (reviews.ids().size() == 0) {
                throw new IOException("run must have reviews by " + reviewer + ", but had none (" + run.path()
                        + "; reviewers: " + run.reviewers().keySet() + ")");
            }
        }
        return included;
    }

    private <T> List<T> draw(List<T> candidates) {
        if (sample.isEmpty() && !shuffled) {
            return candidates;
        }
        List<Integer> drawn =
                new ArrayList<>(IntStream.range(0, candidates.size()).boxed().toList());
        Collections.shuffle(drawn, new Random(seed));
        drawn = drawn.subList(0, Math.min(drawn.size(), sample.orElse(drawn.size())));
        if (!shuffled) {
            Collections.sort(drawn);
        }
        return drawn.stream().map(candidates::get).toList();
    }
}
