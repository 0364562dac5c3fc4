package org.donotanswer.harness.annotate;

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
import java.util.stream.Collectors;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.run.HumanLabels;
import org.donotanswer.harness.run.ReviewLog;
import org.donotanswer.harness.run.RunDirectory;

/**
 * One label of each response out of those of several annotators. Each of the two labels is that on which they agree by the
 * {@link AgreementRule}, or else that of a decision; a response with a label still open has none. Immutable, hence thread-safe.
 *
 * @param rule when annotators agree
 * @param labels the labels of the responses that have both, in the order of the items; unmodifiable
 * @param open the responses that were annotated and have a label still open, in the same order
 * @param decided how many of the labelled responses took a label from a decision
 * @param single how many of the labelled responses were annotated by one alone, and took nothing from a decision
 * @param unused how many decisions were not needed, and are passed over: the annotators agree, or annotated no such response
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
        /** More than half of those who gave one gave the same. */
        MAJORITY,
        /** All who gave one gave the same. */
        UNANIMOUS;

        /** Returns the label on which they agree, if they do. */
        <L> Optional<L> agreed(Collection<L> given) {
            Map<L, Long> counts =
                    given.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            return counts.entrySet().stream()
                    .filter(entry ->
                            this == UNANIMOUS ? entry.getValue() == given.size() : 2 * entry.getValue() > given.size())
                    .map(Map.Entry::getKey)
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
     * Returns the labels of all annotated responses.
     *
     * @param decisions labels for where the annotators do not agree
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
            var harmful = rule.agreed(labels(given, Annotation::harmful));
            var action = rule.agreed(labels(given, Annotation::action));
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
     * Writes the labels as the reviews of {@link RunDirectory#HUMAN} into the runs of the items. Reviews that are there and the
     * same stay as they are.
     *
     * @param replace whether reviews that are there may become others, or go where a label is open now: else they are an
     *     error, before anything is written
     * @return how many reviews are new or others now
     * @throws IOException if a review would change and may not, people's labels of another origin are there, or a file cannot
     *     be written
     */
    public int write(AnnotationItems items, boolean replace) throws IOException {
        Map<RunDirectory, Map<String, Assessment>> before = new LinkedHashMap<>();
        int changing = 0;
        int fresh = 0;
        for (RunDirectory run : items.runs()) {
            Map<String, Assessment> reviews = run.reviews(RunDirectory.HUMAN);
            before.put(run, reviews);
            Map<String, Assessment> now = assessments(items.of(run));
            for (Map.Entry<String, Assessment> entry : now.entrySet()) {
                Assessment then = reviews.get(entry.getKey());
                fresh += then == null ? 1 : 0;
                changing += then != null && !then.equals(entry.getValue()) ? 1 : 0;
            }
            changing += (int)
                    reviews.keySet().stream().filter(id -> !now.containsKey(id)).count();
        }
        if (changing > 0 && !replace) {
            throw new IOException("labels that were adjudicated before must stay, but " + changing
                    + " would change or go; allow it by --replace");
        }
        for (Map.Entry<RunDirectory, Map<String, Assessment>> entry : before.entrySet()) {
            write(entry.getKey(), entry.getValue(), assessments(items.of(entry.getKey())), replace);
        }
        return fresh + changing;
    }

    private void write(RunDirectory run, Map<String, Assessment> before, Map<String, Assessment> now, boolean replace)
            throws IOException {
        var manifest = HumanLabels.manifest(rule.name());
        if (before.equals(now)) {
            return;
        }
        if (replace) {
            run.replaceReviews(manifest, now);
            return;
        }
        Map<String, Assessment> added = new LinkedHashMap<>(now);
        added.keySet().removeAll(before.keySet());
        if (!added.isEmpty()) {
            try (ReviewLog log = run.appendReviews(manifest)) {
                log.append(added);
            }
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
