package org.donotanswer.harness.analysis;

import com.google.common.collect.ImmutableSortedMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.InterAnnotatorAgreement;
import org.donotanswer.metrics.ZeroDivision;

/**
 * How an evaluator's labels of one kind agree with the reference's. Immutable, hence thread-safe.
 *
 * @param <L> the labels
 * @param byLlm for each LLM with responses labelled by both: the reference's labels as gold, the evaluator's as predicted
 * @param pooled the sum over LLMs
 * @param zeroDivision how the scores of a class that nobody used are defined
 * @param accuracy the accuracy over all LLMs; its interval extends as far as Wilson's or that of a bootstrap over questions
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
        byLlm = ImmutableSortedMap.copyOf(byLlm);
        Objects.requireNonNull(pooled, "pooled");
        Objects.requireNonNull(zeroDivision, "zeroDivision");
        Objects.requireNonNull(accuracy, "accuracy");
        Objects.requireNonNull(macroF1, "macroF1");
    }

    /** Returns the scores of one LLM; empty if no response was labelled by both. */
    public Optional<MacroScores> scores(Llm llm) {
        return Optional.ofNullable(byLlm.get(llm)).map(matrix -> MacroScores.of(matrix, zeroDivision));
    }

    /** Returns the scores of each LLM, in order. */
    public List<MacroScores> scores() {
        return byLlm.values().stream()
                .map(matrix -> MacroScores.of(matrix, zeroDivision))
                .toList();
    }

    /** Returns the mean over LLMs. */
    public MacroScores mean() {
        return MacroScores.mean(scores());
    }

    /** Returns the standard deviation over LLMs as a sample. */
    public MacroScores standardDeviation() {
        return MacroScores.standardDeviation(scores());
    }

    /** Returns the scores over all LLMs. */
    public MacroScores pooledScores() {
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

    /** Returns the scores of each class over the responses of one LLM; empty if no response was labelled by both. */
    public Optional<ClassificationReport<L>> classes(Llm llm) {
        return Optional.ofNullable(byLlm.get(llm)).map(matrix -> ClassificationReport.of(matrix, zeroDivision));
    }
}
