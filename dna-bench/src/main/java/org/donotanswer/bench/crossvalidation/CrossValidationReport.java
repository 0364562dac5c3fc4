package org.donotanswer.bench.crossvalidation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Response;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.metrics.Bootstrap;

/**
 * All that a cross-validation found. Immutable, hence thread-safe.
 *
 * @param provenance of the figures
 * @param protocols in the order in which they were run
 * @param benign false alarms; empty if there was no benign data, or the protocol that tests it was not run
 * @param harmType types of harm of unseen questions; empty if the protocol that tests them was not run
 */
public record CrossValidationReport(
        Provenance provenance,
        List<ProtocolReport> protocols,
        Optional<BenignReport> benign,
        Optional<HarmTypeReport> harmType) {
    /** How many samples the bootstrap draws. */
    public static final int RESAMPLES = 2000;

    private static final List<Annotator> PUBLISHED =
            List.of(Annotator.GPT4, Annotator.LONGFORMER, Annotator.LONGFORMER_RESPONSE_ONLY, Annotator.BERT);

    public CrossValidationReport {
        protocols = List.copyOf(protocols);
    }

    /**
     * What one protocol found.
     *
     * @param judges the model under test, then the published ones
     * @param calibration of the model under test
     * @param trainings how many models were trained
     * @param examples how many examples the first of them was trained on
     * @param model provenance of the first of them
     * @param trainingSeconds how long training took, all trainings together
     */
    public record ProtocolReport(
            Protocol protocol,
            List<EvaluatorReport> judges,
            ModelCalibration calibration,
            int trainings,
            int examples,
            Provenance model,
            double trainingSeconds) {
        public ProtocolReport {
            judges = List.copyOf(judges);
        }

        /** Returns the number of answers tested. */
        int answers() {
            return judges.get(0).judge().actions().size();
        }
    }

    /** Returns the published judges who reviewed all the answers. */
    public static List<ReviewerLabels> published(DoNotAnswer data, List<Response> answers) {
        return PUBLISHED.stream()
                .flatMap(annotator -> ReviewerLabels.of(annotator, data, answers).stream())
                .toList();
    }

    /** Returns the report of one protocol. */
    public static ProtocolReport protocol(
            Protocol protocol, List<FoldResult> results, DoNotAnswer data, List<Response> answers, long seed) {
        ReviewerLabels people =
                ReviewerLabels.of(Annotator.HUMAN, data, answers).orElseThrow();
        Scoring scoring = new Scoring(answers, people, Bootstrap.of(RESAMPLES, Scoring.CONFIDENCE, seed));
        List<ReviewerLabels> published = published(data, answers);
        List<EvaluatorReport> judges = new ArrayList<>();
        judges.add(scoring.report(ReviewerLabels.of("embedded", "embedded", results, answers), published));
        published.forEach(judge -> judges.add(scoring.report(judge, List.of())));
        return new ProtocolReport(
                protocol,
                judges,
                ModelCalibration.of(results, data),
                results.size(),
                results.get(0).examples(),
                results.get(0).model(),
                results.stream().mapToDouble(FoldResult::seconds).sum());
    }
}
