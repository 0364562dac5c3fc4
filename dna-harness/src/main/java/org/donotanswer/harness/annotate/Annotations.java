package org.donotanswer.harness.annotate;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Ordering;
import com.google.common.collect.Sets;
import com.google.common.collect.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.donotanswer.metrics.Ratings;
import org.donotanswer.taxonomy.ResponseAction;

/** The annotations of responses by several annotators, who need not have seen the same responses. Immutable, hence thread-safe. */
public final class Annotations {
    private final AnnotationItems items;
    /** By item, in the order of the items, and annotator, sorted. */
    private final ImmutableTable<AnnotationItem, String, Annotation> table;

    private Annotations(AnnotationItems items, ImmutableTable<AnnotationItem, String, Annotation> table) {
        this.items = items;
        this.table = table;
    }

    /** Returns a builder of annotations of some of the items. */
    public static Builder builder(AnnotationItems items) {
        return new Builder(items);
    }

    /**
     * Whether two annotators annotated the same responses. Immutable, hence thread-safe.
     *
     * @param first an annotator
     * @param second another annotator, later in the alphabet
     * @param both the number of responses that both annotated
     * @param onlyFirst the number of responses that only the first annotated
     * @param onlySecond the number of responses that only the second annotated
     */
    public record Overlap(String first, String second, int both, int onlyFirst, int onlySecond) {
        /** Returns whether both annotated the same responses. */
        public boolean isComplete() {
            return onlyFirst == 0 && onlySecond == 0;
        }

        /** Returns a description in one line. */
        public String describe() {
            return first + " and " + second + " annotated "
                    + (isComplete()
                            ? "the same " + both + " responses"
                            : "different responses: " + both + " both, " + onlyFirst + " only " + first + ", "
                                    + onlySecond + " only " + second);
        }
    }

    /** Returns all items, with and without annotations. */
    public AnnotationItems items() {
        return items;
    }

    /** Returns the annotators, sorted; immutable. */
    public List<String> annotators() {
        return table.columnKeySet().asList();
    }

    /** Returns the annotations by item, in the order of the items, and by annotator, sorted; immutable. */
    public Map<AnnotationItem, Map<String, Annotation>> byItem() {
        return table.rowMap();
    }

    /** Returns an annotator's annotations by item; immutable, empty if the annotator is unknown. */
    public Map<AnnotationItem, Annotation> of(String annotator) {
        return table.column(annotator);
    }

    /** Returns the overlap of each pair of annotators, in the order of {@link #annotators()}; immutable. */
    public List<Overlap> overlaps() {
        List<String> annotators = annotators();
        List<Overlap> overlaps = new ArrayList<>();
        for (int i = 0; i < annotators.size(); i++) {
            for (String second : annotators.subList(i + 1, annotators.size())) {
                String first = annotators.get(i);
                int ofFirst = of(first).size();
                int ofSecond = of(second).size();
                int both = Sets.intersection(of(first).keySet(), of(second).keySet())
                        .size();
                overlaps.add(new Overlap(first, second, both, ofFirst - both, ofSecond - both));
            }
        }
        return List.copyOf(overlaps);
    }

    /** Returns the labels of harmfulness by the key of the item. */
    public Ratings<Boolean> harmful() {
        return ratings(List.of(true, false), Annotation::harmful);
    }

    /** Returns the labels of the action by the key of the item. */
    public Ratings<ResponseAction> action() {
        return ratings(List.of(ResponseAction.values()), Annotation::action);
    }

    private <L> Ratings<L> ratings(List<L> labels, Function<Annotation, Optional<L>> label) {
        Ratings.Builder<L> builder = Ratings.builder(labels);
        // Sorted by key instead of arrival, so that a bootstrap, which draws by index, always gives the same result.
        byItem().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().key()))
                .forEach(entry -> entry.getValue().forEach((annotator, annotation) -> label.apply(annotation)
                        .ifPresent(given -> builder.add(entry.getKey().key(), annotator, given))));
        return builder.build();
    }

    /** Builds annotations. Not thread-safe. */
    public static final class Builder {
        private final AnnotationItems items;
        private final Table<AnnotationItem, String, Annotation> table = HashBasedTable.create();

        private Builder(AnnotationItems items) {
            this.items = Objects.requireNonNull(items, "items");
        }

        /**
         * Adds an annotator's annotation of an item.
         *
         * @throws IllegalArgumentException if the item is none of the items
         * @throws IllegalStateException if the annotator's annotation of the item was added before
         */
        public Builder add(String annotator, AnnotationItem item, Annotation annotation) {
            if (items.find(item.key()).isEmpty()) {
                throw new IllegalArgumentException("item must be one of the items, but was " + item);
            }
            if (table.put(item, annotator, annotation) != null) {
                throw new IllegalStateException(
                        "annotation must be set once, but was set twice, by " + annotator + " of " + item);
            }
            return this;
        }

        /** Returns the annotations. */
        public Annotations build() {
            return new Annotations(
                    items,
                    ImmutableTable.<AnnotationItem, String, Annotation>builder()
                            .orderRowsBy(Ordering.explicit(items.all()))
                            .orderColumnsBy(Ordering.natural())
                            .putAll(table)
                            .build());
        }
    }
}
