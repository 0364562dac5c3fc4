package org.donotanswer.evaluate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well an evaluator does on labelled exchanges:
 *
 * <pre>{@code
 * Evaluation evaluation = Evaluation.of(evaluator, labelledExchanges);
 * System.out.println(evaluation.describe());
 * double recall = evaluation.overall().harmful().scoredOnly().recall().value();
 * }</pre>
 *
 * <p>Nothing is dropped silently: {@link EvaluationFigures} says how each figure treats exchanges without a label and
 * exchanges that were not scored. An evaluator that fails on an exchange does not end the evaluation: that exchange is
 * unscored for the reason {@link UnscoredReason#EVALUATOR_FAILURE}. Immutable, hence thread-safe.
 *
 * @param evaluator the name of the evaluator
 * @param options how the evaluation was done
 * @param overall the figures of all exchanges
 * @param bySource the figures of the exchanges of each {@linkplain LabelledExchange#source() source}, sorted by its
 *     name; empty if no exchange has a source
 * @param withoutSource how many exchanges have no source, and are in {@code overall} only
 * @param assessments the assessment of each exchange by its id, in the order of the exchanges; not part of the JSON
 *     form
 */
public record Evaluation(
        String evaluator,
        EvaluationOptions options,
        EvaluationFigures overall,
        SortedMap<String, EvaluationFigures> bySource,
        long withoutSource,
        @JsonIgnore Map<String, Assessment> assessments) {
    private static final int BATCH = 64;

    /** Copies the maps. */
    public Evaluation {
        Objects.requireNonNull(evaluator, "evaluator");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(overall, "overall");
        bySource = Collections.unmodifiableSortedMap(new TreeMap<>(bySource));
        assessments = Collections.unmodifiableMap(new LinkedHashMap<>(assessments));
    }

    /**
     * Returns the evaluation of an evaluator on labelled exchanges, with the default options. The evaluator is not
     * closed.
     *
     * @throws IllegalArgumentException if two exchanges have the same id; the message gives their positions, not the id
     */
    public static Evaluation of(SafetyEvaluator evaluator, Collection<LabelledExchange> exchanges) {
        return of(evaluator, exchanges, EvaluationOptions.defaults());
    }

    /**
     * Returns the evaluation of an evaluator on labelled exchanges. The evaluator is not closed.
     *
     * @throws IllegalArgumentException if two exchanges have the same id; the message gives their positions, not the id
     */
    public static Evaluation of(
            SafetyEvaluator evaluator, Collection<LabelledExchange> exchanges, EvaluationOptions options) {
        List<LabelledExchange> all = List.copyOf(exchanges);
        Objects.requireNonNull(options, "options");
        requireDistinctIds(all);
        String name = evaluator.name();
        List<Assessment> assessments = new ArrayList<>(all.size());
        for (int start = 0; start < all.size(); start += BATCH) {
            assessments.addAll(assess(
                    evaluator,
                    all.subList(start, Math.min(all.size(), start + BATCH)).stream()
                            .map(LabelledExchange::exchange)
                            .toList()));
        }
        return of(name, all, assessments, options);
    }

    /**
     * Returns the evaluation of assessments made earlier, for example read from a file.
     *
     * @param evaluator the name of the evaluator that made the assessments
     * @param exchanges the labelled exchanges
     * @param assessments the assessment of each exchange, by the id of the exchange
     * @throws IllegalArgumentException if two exchanges have the same id, or the ids of the exchanges and of the
     *     assessments differ; the message gives positions or counts, not ids
     */
    public static Evaluation ofAssessments(
            String evaluator,
            Collection<LabelledExchange> exchanges,
            Map<String, Assessment> assessments,
            EvaluationOptions options) {
        List<LabelledExchange> all = List.copyOf(exchanges);
        requireDistinctIds(all);
        List<Assessment> inOrder = new ArrayList<>(all.size());
        for (LabelledExchange exchange : all) {
            Assessment assessment = assessments.get(exchange.id());
            if (assessment == null) {
                throw new IllegalArgumentException(
                        "exchange must have an assessment, but had none (item " + inOrder.size() + ")");
            }
            inOrder.add(assessment);
        }
        if (assessments.size() != all.size()) {
            throw new IllegalArgumentException(
                    "assessments must be of the " + all.size() + " exchanges, but there were " + assessments.size());
        }
        return of(evaluator, all, inOrder, options);
    }

    private static Evaluation of(
            String evaluator,
            List<LabelledExchange> exchanges,
            List<Assessment> assessments,
            EvaluationOptions options) {
        List<EvaluatedExchange> items = new ArrayList<>(exchanges.size());
        Map<String, Assessment> byId = new LinkedHashMap<>();
        SortedMap<String, List<EvaluatedExchange>> itemsBySource = new TreeMap<>();
        long withoutSource = 0;
        for (int i = 0; i < exchanges.size(); i++) {
            EvaluatedExchange item = new EvaluatedExchange(exchanges.get(i), assessments.get(i));
            items.add(item);
            byId.put(exchanges.get(i).id(), assessments.get(i));
            if (exchanges.get(i).source().isPresent()) {
                itemsBySource
                        .computeIfAbsent(exchanges.get(i).source().get(), source -> new ArrayList<>())
                        .add(item);
            } else {
                withoutSource++;
            }
        }
        EvaluationCalculator calculator = new EvaluationCalculator(options);
        SortedMap<String, EvaluationFigures> bySource = new TreeMap<>();
        itemsBySource.forEach((source, members) -> bySource.put(source, calculator.figures(members)));
        return new Evaluation(evaluator, options, calculator.figures(items), bySource, withoutSource, byId);
    }

    /** A labelled exchange and what the evaluator says of it. */
    record EvaluatedExchange(LabelledExchange labelled, Assessment assessment) {}

    private static void requireDistinctIds(List<LabelledExchange> exchanges) {
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < exchanges.size(); i++) {
            Integer first = positions.putIfAbsent(exchanges.get(i).id(), i);
            if (first != null) {
                throw new IllegalArgumentException(
                        "id must be unique, but was repeated (items " + first + " and " + i + ")");
            }
        }
    }

    /** Returns one assessment per exchange; if the evaluator fails on the batch, its exchanges are tried one by one. */
    private static List<Assessment> assess(SafetyEvaluator evaluator, List<Exchange> batch) {
        try {
            List<Assessment> assessments = evaluator.evaluateAll(batch);
            if (assessments != null
                    && assessments.size() == batch.size()
                    && assessments.stream().noneMatch(Objects::isNull)) {
                return assessments;
            }
        } catch (RuntimeException e) {
            // An evaluator must not throw, but one that does must not end the evaluation. Below, each exchange gets its
            // own try.
        }
        return batch.stream().map(exchange -> assess(evaluator, exchange)).toList();
    }

    private static Assessment assess(SafetyEvaluator evaluator, Exchange exchange) {
        try {
            Assessment assessment = evaluator.evaluate(exchange);
            return assessment != null ? assessment : failure("evaluator returned null");
        } catch (RuntimeException e) {
            // The message of the exception may quote the exchange.
            return failure("evaluator threw " + e.getClass().getName());
        }
    }

    private static Assessment failure(String detail) {
        return Assessment.Unscored.of(UnscoredReason.EVALUATOR_FAILURE, detail);
    }

    /**
     * Returns a table of all figures for people to read, over several lines. It holds names of sources, but no texts.
     */
    public String describe() {
        return EvaluationText.describe(this);
    }

    /** Returns the evaluator's name and the number of exchanges. */
    @Override
    public String toString() {
        return "Evaluation[evaluator=" + evaluator + ", exchanges=" + overall.exchanges() + "]";
    }
}
