package org.donotanswer.harness.annotate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.donotanswer.dataset.csv.CsvWriter;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.Ratings;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * The responses on which annotators disagree, most contested first: by the share of pairs who disagree on harmfulness and that
 * on the action, added up; of the same sum, by that on harmfulness; then in the order of the runs. Immutable, hence
 * thread-safe.
 *
 * @param entries the responses
 * @param annotators all annotators, also those without a label here
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
     * @param harmfulDisagreement the share of pairs of annotators who disagree on harmfulness; 0 of no pair
     * @param actionDisagreement the share of pairs of annotators who disagree on the action; 0 of no pair
     * @param annotations by annotator
     * @param reviews what evaluators said, by their name
     */
    public record DisputedResponse(
            AnnotationItem item,
            double harmfulDisagreement,
            double actionDisagreement,
            SortedMap<String, Annotation> annotations,
            SortedMap<String, Assessment> reviews) {
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
        Ratings<Boolean> harmful = annotations.harmful();
        Ratings<ResponseAction> action = annotations.action();
        Map<String, Double> ofHarmful = disagreements(harmful);
        Map<String, Double> ofAction = disagreements(action);
        SortedSet<String> reviewers = new TreeSet<>();
        List<DisputedResponse> entries = new ArrayList<>();
        for (RunDirectory run : items.runs()) {
            SortedMap<String, Map<String, Assessment>> reviews = reviews(run);
            reviewers.addAll(reviews.keySet());
            for (AnnotationItem item : items.of(run)) {
                double first = ofHarmful.getOrDefault(item.key(), 0.0);
                double second = ofAction.getOrDefault(item.key(), 0.0);
                SortedMap<String, Annotation> ofItem = annotations.byItem().get(item);
                if (ofItem != null && first + second > 0) {
                    entries.add(new DisputedResponse(item, first, second, ofItem, ofId(reviews, item.id())));
                }
            }
        }
        entries.sort(Comparator.comparingDouble(DisputedResponse::sum)
                .thenComparingDouble(DisputedResponse::harmfulDisagreement)
                .reversed());
        return new DisagreementQueue(entries, annotations.annotators(), List.copyOf(reviewers));
    }

    private static Map<String, Double> disagreements(Ratings<?> ratings) {
        Map<String, Double> disagreements = new LinkedHashMap<>();
        ratings.disputedItems().forEach(item -> disagreements.put(item, ratings.disagreement(item)));
        return disagreements;
    }

    private static SortedMap<String, Map<String, Assessment>> reviews(RunDirectory run) throws IOException {
        SortedMap<String, Map<String, Assessment>> reviews = new TreeMap<>();
        for (String reviewer : run.reviewers().keySet()) {
            if (!reviewer.equals(RunDirectory.HUMAN)) {
                reviews.put(reviewer, run.reviews(reviewer));
            }
        }
        return reviews;
    }

    private static SortedMap<String, Assessment> ofId(SortedMap<String, Map<String, Assessment>> reviews, String id) {
        SortedMap<String, Assessment> ofId = new TreeMap<>();
        reviews.forEach((reviewer, all) -> {
            Assessment assessment = all.get(id);
            if (assessment != null) {
                ofId.put(reviewer, assessment);
            }
        });
        return ofId;
    }

    /**
     * Writes CSV with empty columns harmful, action and comment, to be filled in and read as decisions.
     *
     * @param out not closed
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
     * Writes a JSON object a line.
     *
     * @param out not closed
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
            json.put("annotations", mapped(entry.annotations(), DisagreementQueue::json));
            json.put("reviews", mapped(entry.reviews(), Assessment::toJson));
            json.put("instruction", item.response().exchange().instruction());
            json.put("response", item.response().exchange().response());
            out.write((MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static <V> Map<String, Object> mapped(SortedMap<String, V> values, Function<V, ?> form) {
        Map<String, Object> mapped = new LinkedHashMap<>();
        values.forEach((name, value) -> mapped.put(name, form.apply(value)));
        return mapped;
    }

    private static Map<String, @Nullable Object> json(Annotation annotation) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("harmful", annotation.harmful().orElse(null));
        json.put("action", annotation.action().map(ResponseAction::name).orElse(null));
        json.put("comment", annotation.comment());
        return json;
    }
}
