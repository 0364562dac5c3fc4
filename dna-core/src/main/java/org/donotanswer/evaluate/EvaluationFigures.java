package org.donotanswer.evaluate;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Reliability;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * How well an evaluator did on a number of labelled exchanges. Every exchange is counted once for each kind of label:
 * as unlabelled, as scored, or as unscored with the reason. Immutable, hence thread-safe.
 *
 * <p>A figure without items to compute it from is NaN: precision if nothing was flagged, recall if nothing is harmful,
 * AUC if only one class occurs.
 *
 * <p>Intervals of proportions (precision, recall, false positive rate, accuracy) are Wilson's, those of all other
 * figures are percentile intervals of a bootstrap. If exchanges share a {@linkplain LabelledExchange#group() group},
 * the bootstrap draws whole groups, and Wilson's intervals are widened to contain the bootstrap's.
 *
 * @param exchanges the number of exchanges, whether labelled or not
 * @param unscored how many exchanges got no assessment with scores, by reason
 * @param harmful the figures of whether responses are harmful
 * @param refusal the figures of whether responses are refusals, by {@link Assessment.Scored#refusalProbability()}; in them,
 *     "harmful" stands for a refusal, and "harmless" for another response
 * @param action the figures of the actions of responses
 * @param harmType the figures of the types of harm; the evaluator's is the one that it considers most likely
 *     <em>if</em> the instruction is risky
 */
public record EvaluationFigures(
        long exchanges,
        Map<UnscoredReason, Long> unscored,
        HarmfulFigures harmful,
        HarmfulFigures refusal,
        ClassFigures<ResponseAction> action,
        ClassFigures<HarmType> harmType) {
    /** Copies the map. */
    public EvaluationFigures {
        unscored = copyOf(unscored);
        Objects.requireNonNull(harmful, "harmful");
        Objects.requireNonNull(refusal, "refusal");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(harmType, "harmType");
    }

    private static Map<UnscoredReason, Long> copyOf(Map<UnscoredReason, Long> unscored) {
        Map<UnscoredReason, Long> copy = new EnumMap<>(UnscoredReason.class);
        copy.putAll(unscored);
        return Collections.unmodifiableMap(copy);
    }

    /**
     * Which exchanges the figures of one kind of label are computed from. Immutable, hence thread-safe.
     *
     * @param unlabelled how many exchanges have no such label; no figure counts them
     * @param scored how many of the labelled exchanges the evaluator scored in this respect
     * @param unscored how many of the labelled exchanges it did not score in this respect, by reason; the reason is
     *     {@link UnscoredReason#NOT_SUPPORTED} if it scored the exchange, but not in this respect
     */
    public record LabelCoverage(long unlabelled, Proportion scored, Map<UnscoredReason, Long> unscored) {
        /** Copies the map. */
        public LabelCoverage {
            Objects.requireNonNull(scored, "scored");
            unscored = copyOf(unscored);
        }

        /** Returns the number of labelled exchanges. */
        public long labelled() {
            return scored.total();
        }
    }

    /**
     * How well harmful responses are distinguished from harmless ones. The application
     * decides what to do with unscored exchanges, so precision and recall come in three versions. Immutable, hence thread-safe.
     *
     * @param coverage which exchanges are labelled and scored
     * @param scoredOnly the figures of the scored exchanges alone
     * @param unscoredFlagged the figures if unscored exchanges count as flagged: an application that fails closed
     * @param unscoredPassed the figures if unscored exchanges count as not flagged, so that harmful ones are missed: an
     *     application that fails open
     * @param auc the area under the receiver operating characteristic, of the scored exchanges alone
     * @param reliability the calibration of the probabilities of the scored exchanges, in 10 bins of equal width
     * @param calibrationError the expected calibration error of these bins, without an interval: resampling would bias
     *     it upwards; NaN if nothing was scored
     * @param logLoss the logarithmic loss of the scored exchanges
     * @param brier the Brier score of the scored exchanges
     */
    public record HarmfulFigures(
            LabelCoverage coverage,
            FlaggingFigures scoredOnly,
            FlaggingFigures unscoredFlagged,
            FlaggingFigures unscoredPassed,
            Measure auc,
            Reliability reliability,
            double calibrationError,
            Measure logLoss,
            Measure brier) {
        /** Checks that nothing is null. */
        public HarmfulFigures {
            Objects.requireNonNull(coverage, "coverage");
            Objects.requireNonNull(scoredOnly, "scoredOnly");
            Objects.requireNonNull(unscoredFlagged, "unscoredFlagged");
            Objects.requireNonNull(unscoredPassed, "unscoredPassed");
            Objects.requireNonNull(auc, "auc");
            Objects.requireNonNull(reliability, "reliability");
            Objects.requireNonNull(logLoss, "logLoss");
            Objects.requireNonNull(brier, "brier");
        }
    }

    /**
     * How well flagging at the threshold works. Immutable, hence thread-safe.
     *
     * @param matrix the counts: gold label, then whether flagged; the labels are false and true
     * @param precision the proportion of flagged responses that are harmful
     * @param recall the proportion of harmful responses that are flagged
     * @param f1 the harmonic mean of precision and recall: 2tp/(2tp+fp+fn)
     * @param falsePositiveRate the proportion of harmless responses that are flagged
     */
    public record FlaggingFigures(
            ConfusionMatrix<Boolean> matrix, Measure precision, Measure recall, Measure f1, Measure falsePositiveRate) {
        /** Checks that nothing is null. */
        public FlaggingFigures {
            Objects.requireNonNull(matrix, "matrix");
            Objects.requireNonNull(precision, "precision");
            Objects.requireNonNull(recall, "recall");
            Objects.requireNonNull(f1, "f1");
            Objects.requireNonNull(falsePositiveRate, "falsePositiveRate");
        }
    }

    /**
     * How well exchanges are classified. Immutable, hence thread-safe.
     *
     * @param <L> the labels
     * @param coverage which exchanges are labelled and scored
     * @param matrix the counts of the scored exchanges, for all labels
     * @param report the scores of each class that occurs among the scored exchanges, as label or as prediction
     * @param accuracy the proportion of scored exchanges that are classified correctly
     * @param accuracyUnscoredWrong the proportion of labelled exchanges that are classified correctly; unscored ones
     *     count as wrong
     * @param macroF1 the mean F1 of the classes in {@code report}
     */
    public record ClassFigures<L>(
            LabelCoverage coverage,
            ConfusionMatrix<L> matrix,
            ClassificationReport<L> report,
            Measure accuracy,
            Measure accuracyUnscoredWrong,
            Measure macroF1) {
        /** Checks that nothing is null. */
        public ClassFigures {
            Objects.requireNonNull(coverage, "coverage");
            Objects.requireNonNull(matrix, "matrix");
            Objects.requireNonNull(report, "report");
            Objects.requireNonNull(accuracy, "accuracy");
            Objects.requireNonNull(accuracyUnscoredWrong, "accuracyUnscoredWrong");
            Objects.requireNonNull(macroF1, "macroF1");
        }
    }
}
