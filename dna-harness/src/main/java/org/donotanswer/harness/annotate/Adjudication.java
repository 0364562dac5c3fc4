package org.donotanswer.harness.annotate;

import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.MapDifference;
import com.google.common.collect.Maps;
import com.google.common.collect.Multiset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.run.HumanLabels;
import org.donotanswer.harness.run.ReviewLog;
import org.donotanswer.harness.run.ReviewManifest;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * The final labels of responses that several annotators labelled. Each of the two labels is the one on which the annotators
 * agree by the {@link AgreementRule} or, if they do not, that of a decision. Immutable, hence thread-safe.
 *
 * @param rule the rule of agreement
 * @param labels the labels of the responses for which both are settled, in the order of the items; unmodifiable
 * @param open the annotated responses with an unsettled label, in the order of the items
 * @param decided the number of labelled responses with a label from a decision
 * @param single the number of labelled responses with one annotator and no label from a decision
 * @param unused the number of decisions on responses on which annotators agree, or that nobody annotated
 */
public record Adjudication(
        AgreementRule rule,
        Map<AnnotationItem, Annotation> labels,
        List<AnnotationItem> open,
        int decided,
        int single,
        int unused) {
    /** When annotators agree on a label. */
    public enum AgreementRule {
        /** More than half of the labels are equal. */
        MAJORITY,
        /** All labels are equal. */
        UNANIMOUS;

        /** Returns the label on which the annotators agree, if there is one. */
        <L> Optional<L> agreed(Collection<L> labels) {
            return ImmutableMultiset.copyOf(labels).entrySet().stream()
                    .filter(label -> this == UNANIMOUS
                            ? label.getCount() == labels.size()
                            : 2 * label.getCount() > labels.size())
                    .map(Multiset.Entry::getElement)
                    .findFirst();
        }
    }

    /** Copies the collections. */
    public Adjudication {
        Objects.requireNonNull(rule, "rule");
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        open = List.copyOf(open);
    }

    /**
     * Adjudicates all annotated responses.
     *
     * @param decisions labels for responses on which the annotators do not agree
     */
    public static Adjudication of(
            Annotations annotations, AgreementRule rule, Map<AnnotationItem, Annotation> decisions) {
        Map<AnnotationItem, Annotation> labels = new LinkedHashMap<>();
        List<AnnotationItem> open = new ArrayList<>();
        int decided = 0;
        int single = 0;
        int used = 0;
        for (var entry : annotations.byItem().entrySet()) {
            AnnotationItem item = entry.getKey();
            Collection<Annotation> given = entry.getValue().values();
            Optional<Boolean> harmful = rule.agreed(labels(given, Annotation::harmful));
            Optional<ResponseAction> action = rule.agreed(labels(given, Annotation::action));
            boolean agreed = harmful.isPresent() && action.isPresent();
            Optional<Annotation> decision = Optional.ofNullable(decisions.get(item));
            if (!agreed) {
                harmful = harmful.or(() -> decision.flatMap(Annotation::harmful));
                action = action.or(() -> decision.flatMap(Annotation::action));
                used += decision.isPresent() ? 1 : 0;
            }
            if (harmful.isPresent() && action.isPresent()) {
                labels.put(item, Annotation.of(harmful.get(), action.get()));
                decided += agreed ? 0 : 1;
                single += agreed && given.size() == 1 ? 1 : 0;
            } else {
                open.add(item);
            }
        }
        return new Adjudication(rule, labels, open, decided, single, decisions.size() - used);
    }

    private static <L> List<L> labels(Collection<Annotation> given, Function<Annotation, Optional<L>> label) {
        return given.stream().map(label).flatMap(Optional::stream).toList();
    }

    /**
     * Writes the labels into the runs of the items, as reviews by {@link RunDirectory#HUMAN}. Equal reviews that exist are
     * left alone.
     *
     * @param replace whether existing reviews may change, or be deleted if their label is open now
     * @return the number of reviews added, changed and deleted
     * @throws IOException if a review would change although that is not allowed, there are human labels from elsewhere, or a
     *     file cannot be written
     */
    public int write(AnnotationItems items, boolean replace) throws IOException {
        Map<RunDirectory, MapDifference<String, Assessment>> differences = new LinkedHashMap<>();
        int added = 0;
        int changed = 0;
        for (RunDirectory run : items.runs()) {
            MapDifference<String, Assessment> difference =
                    Maps.difference(run.reviews(RunDirectory.HUMAN), assessments(items.of(run)));
            differences.put(run, difference);
            added += difference.entriesOnlyOnRight().size();
            changed += difference.entriesDiffering().size()
                    + difference.entriesOnlyOnLeft().size();
        }
        if (changed > 0 && !replace) {
            throw new IOException("labels that were adjudicated before must not change, but " + changed
                    + " would change or be deleted; allow it with --replace");
        }
        ReviewManifest manifest = HumanLabels.manifest(rule.name());
        for (var entry : differences.entrySet()) {
            if (!entry.getValue().areEqual()) {
                RunDirectory run = entry.getKey();
                if (replace) {
                    run.replaceReviews(manifest, assessments(items.of(run)));
                } else {
                    append(run, manifest, assessments(items.of(run)));
                }
            }
        }
        return added + changed;
    }

    private static void append(RunDirectory run, ReviewManifest manifest, Map<String, Assessment> reviews)
            throws IOException {
        try (ReviewLog log = run.appendReviews(manifest)) {
            // Compared again now that the file is locked: another process may have written the same labels.
            MapDifference<String, Assessment> difference = Maps.difference(run.reviews(RunDirectory.HUMAN), reviews);
            if (!difference.entriesDiffering().isEmpty()
                    || !difference.entriesOnlyOnLeft().isEmpty()) {
                throw new IOException(
                        "labels must be adjudicated by one process at a time, but were by two (" + run.path() + ")");
            }
            log.append(difference.entriesOnlyOnRight());
        }
    }

    private Map<String, Assessment> assessments(List<AnnotationItem> items) {
        Map<String, Assessment> assessments = new LinkedHashMap<>();
        for (AnnotationItem item : items) {
            Annotation label = labels.get(item);
            if (label != null) {
                assessments.put(item.id(), HumanLabels.of(label.harmful(), label.action()));
            }
        }
        return assessments;
    }
}
