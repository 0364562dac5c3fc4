package org.donotanswer.harness.analysis;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.InterAnnotatorAgreement;
import org.donotanswer.metrics.ZeroDivision;

/**
 * How one kind of an evaluator's labels agrees with the reference's. Immutable, hence thread-safe.
 *
 * @param <L> the labels
 * @param byLlm for each LLM of which both labelled answers, the reference's labels as gold and the evaluator's as predicted
 * @param pooled those of all LLMs
 * @param zeroDivision what stands for the figures of a class that nobody used
 * @param accuracy the accuracy over all LLMs with its interval, which reaches as far as Wilson's or that of a bootstrap that
 *     resamples questions, not answers
 * @param macroF1 the macro F1 over all LLMs with the bootstrap's interval; NaN where that is a point
 */
public record LabelAgreement<L>(
        SortedMap<Llm, ConfusionMatrix<L>> byLlm,
        ConfusionMatrix<L> pooled,
        ZeroDivision zeroDivision,
        Estimate accuracy,
        Estimate macroF1) {
    /** Copies the map. */
    public LabelAgreement {
        byLlm = Collections.unmodifiableSortedMap(new TreeMap<>(byLlm));
        Objects.requireNonNull(pooled, "pooled");
        Objects.requireNonNull(zeroDivision, "zeroDivision");
        Objects.requireNonNull(accuracy, "accuracy");
        Objects.requireNonNull(macroF1, "macroF1");
    }

    /** Returns the figures of one LLM; empty if not both labelled its answers. */
    public Optional<MacroScores> figures(Llm llm) {
        return Optional.ofNullable(byLlm.get(llm)).map(matrix -> MacroScores.of(matrix, zeroDivision));
    }

    /** Returns the figures of each LLM, in order. */
    public List<MacroScores> figures() {
        return byLlm.values().stream()
                .map(matrix -> MacroScores.of(matrix, zeroDivision))
                .toList();
    }

    /** Returns the mean over LLMs. */
    public MacroScores mean() {
        return MacroScores.mean(figures());
    }

    /** Returns the standard deviation over LLMs, which are a sample of all there could be. */
    public MacroScores standardDeviation() {
        return MacroScores.standardDeviation(figures());
    }

    /** Returns the figures over all LLMs. */
    public MacroScores pooledFigures() {
        return MacroScores.of(pooled, zeroDivision);
    }

    /** Returns Cohen's kappa over all LLMs; NaN if it is not defined. */
    public double kappa() {
        return InterAnnotatorAgreement.cohensKappa(pooled);
    }

    /** Returns the scores of each class over all LLMs. */
    public ClassificationReport<L> classes() {
        return ClassificationReport.of(pooled, zeroDivision);
    }

    /** Returns the scores of each class over the answers of one LLM; empty if not both labelled them. */
    public Optional<ClassificationReport<L>> classes(Llm llm) {
        return Optional.ofNullable(byLlm.get(llm)).map(matrix -> ClassificationReport.of(matrix, zeroDivision));
    }
}
