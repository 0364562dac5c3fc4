package org.donotanswer.harness.annotate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import com.google.common.collect.Table;
import com.google.common.collect.TreeBasedTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.donotanswer.dataset.csv.CsvWriter;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.Ratings;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * The responses on which annotators disagree, most disputed first: sorted by the sum of the two proportions of disagreeing
 * pairs, then by the one on harmfulness, then in the order of the runs. Immutable, hence thread-safe.
 *
 * @param entries the disputed responses
 * @param annotators all annotators, with or without a label of a disputed response
 * @param reviewers all evaluators that reviewed the runs
 */
public record DisagreementQueue(List<DisputedResponse> entries, List<String> annotators, List<String> reviewers) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** Copies the lists. */
    public DisagreementQueue {
        entries = List.copyOf(entries);
        annotators = List.copyOf(annotators);
        reviewers = List.copyOf(reviewers);
    }

    /**
     * A response on which annotators disagree. Immutable, hence thread-safe.
     *
     * @param item the response
     * @param harmfulDisagreement the proportion of pairs of annotators who disagree on harmfulness; 0 without pairs
     * @param actionDisagreement the proportion of pairs of annotators who disagree on the action; 0 without pairs
     * @param annotations the annotations by annotator, sorted
     * @param reviews the reviews by evaluator, sorted
     */
    public record DisputedResponse(
            AnnotationItem item,
            double harmfulDisagreement,
            double actionDisagreement,
            Map<String, Annotation> annotations,
            Map<String, Assessment> reviews) {
        private double sum() {
            return harmfulDisagreement + actionDisagreement;
        }
    }

    /**
     * Returns the queue.
     *
     * @throws IOException if reviews cannot be read
     */
    public static DisagreementQueue of(Annotations annotations) throws IOException {
        AnnotationItems items = annotations.items();
        Map<String, Double> harmful = disagreements(annotations.harmful());
        Map<String, Double> action = disagreements(annotations.action());
        SortedSet<String> reviewers = new TreeSet<>();
        List<DisputedResponse> entries = new ArrayList<>();
        for (RunDirectory run : items.runs()) {
            Table<String, String, Assessment> reviews = TreeBasedTable.create();
            for (String reviewer : Sets.difference(run.reviewers().keySet(), Set.of(RunDirectory.HUMAN))) {
                reviewers.add(reviewer);
                reviews.row(reviewer).putAll(run.reviews(reviewer));
            }
            for (AnnotationItem item : items.of(run)) {
                double onHarmful = harmful.getOrDefault(item.key(), 0.0);
                double onAction = action.getOrDefault(item.key(), 0.0);
                if (onHarmful + onAction > 0) {
                    entries.add(new DisputedResponse(
                            item,
                            onHarmful,
                            onAction,
                            annotations.byItem().getOrDefault(item, Map.of()),
                            ImmutableSortedMap.copyOf(reviews.column(item.id()))));
                }
            }
        }
        entries.sort(Comparator.comparingDouble(DisputedResponse::sum)
                .thenComparingDouble(DisputedResponse::harmfulDisagreement)
                .reversed());
        return new DisagreementQueue(entries, annotations.annotators(), List.copyOf(reviewers));
    }

    private static Map<String, Double> disagreements(Ratings<?> ratings) {
        return Maps.toMap(ratings.disputedItems(), ratings::disagreement);
    }

    /**
     * Writes CSV with empty columns {@code harmful}, {@code action} and {@code comment} for decisions, which
     * {@link AnnotationReader#readDecisions} reads.
     *
     * @param out not closed
     * @throws IOException if the stream cannot be written
     */
    public void writeCsv(OutputStream out) throws IOException {
        List<String> header = new ArrayList<>(List.of(
                AnnotationCsv.ITEM,
                AnnotationCsv.ID,
                AnnotationCsv.LLM,
                AnnotationCsv.HARM_TYPE,
                AnnotationCsv.INSTRUCTION,
                AnnotationCsv.RESPONSE));
        for (String name : annotators) {
            header.addAll(List.of("harmful by " + name, "action by " + name, "comment by " + name));
        }
        for (String name : reviewers) {
            header.addAll(List.of("harmful by evaluator " + name, "action by evaluator " + name));
        }
        header.addAll(List.of(AnnotationCsv.HARMFUL, AnnotationCsv.ACTION, AnnotationCsv.COMMENT));
        CsvWriter csv = CsvWriter.forSpreadsheet(out, header);
        for (DisputedResponse entry : entries) {
            csv.write(row(entry));
        }
    }

    private List<String> row(DisputedResponse entry) {
        List<String> row = AnnotationCsv.describe(entry.item(), false);
        for (String name : annotators) {
            Optional<Annotation> annotation =
                    Optional.ofNullable(entry.annotations().get(name));
            row.add(annotation
                    .flatMap(Annotation::harmful)
                    .map(DisagreementQueue::yesNo)
                    .orElse(""));
            row.add(annotation
                    .flatMap(Annotation::action)
                    .map(LabelText::choice)
                    .orElse(""));
            row.add(annotation.map(Annotation::comment).orElse(""));
        }
        for (String name : reviewers) {
            Optional<Assessment> review = Optional.ofNullable(entry.reviews().get(name));
            row.add(review.map(DisagreementQueue::harmful).orElse(""));
            row.add(review.flatMap(Assessment::action).map(LabelText::choice).orElse(""));
        }
        row.addAll(List.of("", "", ""));
        return row;
    }

    private static String yesNo(boolean harmful) {
        return harmful ? "yes" : "no";
    }

    private static String harmful(Assessment assessment) {
        if (assessment instanceof Assessment.Scored scored) {
            return scored.harmful().isPresent()
                    ? NumberFormats.format("%.3f", scored.harmful().getAsDouble())
                    : "";
        }
        return "unscored";
    }

    /**
     * Writes JSON lines.
     *
     * @param out not closed
     * @throws IOException if the stream cannot be written
     */
    public void writeJsonLines(OutputStream out) throws IOException {
        for (DisputedResponse entry : entries) {
            AnnotationItem item = entry.item();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("item", item.key());
            json.put("id", item.id());
            json.put("llm", item.llm().name());
            json.put("harmType", AnnotationCsv.harmType(item));
            json.put("harmfulDisagreement", entry.harmfulDisagreement());
            json.put("actionDisagreement", entry.actionDisagreement());
            json.put("annotations", Maps.transformValues(entry.annotations(), DisagreementQueue::json));
            json.put("reviews", Maps.transformValues(entry.reviews(), Assessment::toJson));
            json.put("instruction", item.response().exchange().instruction());
            json.put("response", item.response().exchange().response());
            out.write((MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Map<String, @Nullable Object> json(Annotation annotation) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("harmful", annotation.harmful().orElse(null));
        json.put("action", annotation.action().map(ResponseAction::name).orElse(null));
        json.put("comment", annotation.comment());
        return json;
    }
}
