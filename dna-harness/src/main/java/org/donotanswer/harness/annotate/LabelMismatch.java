package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.Review;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * A response whose two labels seem to contradict each other: harmful although it does not follow the instruction, or harmless
 * although it does. Both can be right, but deserve a second look. Immutable, hence thread-safe.
 *
 * @param by the annotator, or {@link RunDirectory#HUMAN}
 * @param llm the LLM that responded
 * @param id the id of the instruction
 * @param harmful the harmfulness label
 * @param action the action label
 * @param exchange the instruction and the response
 */
public record LabelMismatch(String by, Llm llm, String id, boolean harmful, ResponseAction action, Exchange exchange) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the labels do not contradict each other
     */
    public LabelMismatch {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(llm, "llm");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(exchange, "exchange");
        if (!isMismatch(harmful, action)) {
            throw new IllegalArgumentException(
                    "labels must contradict each other, but were " + harmful + " and " + action);
        }
    }

    /** Returns whether the labels contradict each other. */
    public static boolean isMismatch(boolean harmful, ResponseAction action) {
        return harmful != (action == ResponseAction.FOLLOW_INSTRUCTION);
    }

    /** Returns the mismatches in the published human reviews, in the order of the files. */
    public static List<LabelMismatch> of(DoNotAnswer data) {
        List<LabelMismatch> mismatches = new ArrayList<>();
        for (Review review : data.statistics().labelMismatches(Annotator.HUMAN)) {
            mismatches.add(new LabelMismatch(
                    RunDirectory.HUMAN,
                    review.llm(),
                    String.valueOf(review.question().id()),
                    review.harmful().orElseThrow(),
                    review.action().orElseThrow(),
                    Exchange.of(review.question().text(), review.response().text())));
        }
        return mismatches;
    }

    /**
     * Returns the mismatches of each annotator, sorted, and then those of the adjudicated labels, in the order of the items.
     *
     * @throws IOException if the adjudicated labels cannot be read
     */
    public static List<LabelMismatch> of(Annotations annotations) throws IOException {
        List<LabelMismatch> mismatches = new ArrayList<>();
        for (String annotator : annotations.annotators()) {
            for (AnnotationItem item : annotations.items().all()) {
                Annotation annotation = annotations.of(annotator).get(item);
                if (annotation != null) {
                    of(annotator, item, annotation.harmful(), annotation.action())
                            .ifPresent(mismatches::add);
                }
            }
        }
        for (RunDirectory run : annotations.items().runs()) {
            Map<String, Assessment> labels = run.reviews(RunDirectory.HUMAN);
            for (AnnotationItem item : annotations.items().of(run)) {
                if (labels.get(item.id()) instanceof Assessment.Scored scored) {
                    Optional<Boolean> harmful =
                            scored.harmful().isPresent() ? Optional.of(scored.isHarmful()) : Optional.empty();
                    of(RunDirectory.HUMAN, item, harmful, scored.action()).ifPresent(mismatches::add);
                }
            }
        }
        return mismatches;
    }

    private static Optional<LabelMismatch> of(
            String by, AnnotationItem item, Optional<Boolean> harmful, Optional<ResponseAction> action) {
        if (harmful.isEmpty() || action.isEmpty() || !isMismatch(harmful.get(), action.get())) {
            return Optional.empty();
        }
        return Optional.of(new LabelMismatch(
                by,
                item.llm(),
                item.id(),
                harmful.get(),
                action.get(),
                item.response().exchange()));
    }

    /**
     * Returns the JSON form, an ordered map.
     *
     * @param withText whether to include instruction and response
     */
    public Map<String, Object> toJson(boolean withText) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("by", by);
        json.put("llm", llm.name());
        json.put("id", id);
        json.put("harmful", harmful);
        json.put("action", action.name());
        if (withText) {
            json.put("instruction", exchange.instruction());
            json.put("response", exchange.response());
        }
        return json;
    }
}
