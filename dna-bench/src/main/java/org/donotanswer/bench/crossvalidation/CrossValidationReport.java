package org.donotanswer.bench.crossvalidation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Response;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.metrics.Bootstrap;

/**
 * All results of a cross-validation. {@link CrossValidationJson} writes the components as they are named here. Immutable,
 * hence thread-safe.
 *
 * @param protocols the evaluators by key for each protocol, in the order in which they were run: the model under test, then
 *     the published ones
 * @param benign false alarms; empty if there was no benign data, or the protocol that tests it was not run
 * @param harmType harm types of unseen questions; empty if the protocol that tests them was not run
 * @param training how the models of each protocol were trained
 * @param provenance of the figures
 */
public record CrossValidationReport(
        Map<Protocol, Map<String, EvaluatorReport>> protocols,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<BenignReport> benign,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<HarmTypeReport> harmType,
        Map<Protocol, TrainingSummary> training,
        Provenance provenance) {
    /** How many samples the bootstrap draws. */
    public static final int RESAMPLES = 2000;

    private static final List<Annotator> PUBLISHED =
            List.of(Annotator.GPT4, Annotator.LONGFORMER, Annotator.LONGFORMER_RESPONSE_ONLY, Annotator.BERT);

    /** Copies the maps. */
    public CrossValidationReport {
        protocols = Collections.unmodifiableMap(new LinkedHashMap<>(protocols));
        training = Collections.unmodifiableMap(new LinkedHashMap<>(training));
    }

    /**
     * How the models of one protocol were trained. Immutable, hence thread-safe.
     *
     * @param trainings how many models were trained
     * @param seconds how long all trainings took together
     * @param examples how many examples the first model was trained on
     * @param model the provenance of the first model
     */
    public record TrainingSummary(
            int trainings,
            double seconds,
            @JsonProperty("examplesOfFirst") int examples,
            @JsonProperty("modelOfFirst") Provenance model) {
        private static TrainingSummary of(List<FoldResult> results) {
            return new TrainingSummary(
                    results.size(),
                    results.stream().mapToDouble(FoldResult::seconds).sum(),
                    results.get(0).examples(),
                    results.get(0).model());
        }
    }

    /**
     * Returns the report on the results of all protocols that were run.
     *
     * @param model the name of the model under test, in tables and as a key
     * @param results of all folds of the protocols, or of some
     */
    public static CrossValidationReport of(
            String model,
            TrainingSet set,
            FoldPlan plan,
            List<Protocol> protocols,
            List<FoldResult> results,
            Provenance provenance) {
        long seed = provenance.seed().orElseThrow();
        Map<Protocol, List<FoldResult>> byProtocol = new LinkedHashMap<>();
        for (Protocol protocol : protocols) {
            byProtocol.put(
                    protocol,
                    results.stream()
                            .filter(result -> result.task().protocol() == protocol)
                            .toList());
        }
        Map<Protocol, Map<String, EvaluatorReport>> reports = new LinkedHashMap<>();
        Map<Protocol, TrainingSummary> training = new LinkedHashMap<>();
        byProtocol.forEach((protocol, ofProtocol) -> {
            reports.put(protocol, evaluators(model, ofProtocol, set.data(), tested(plan, ofProtocol), seed));
            training.put(protocol, TrainingSummary.of(ofProtocol));
        });
        return new CrossValidationReport(
                reports,
                Optional.ofNullable(byProtocol.get(Protocol.UNSEEN_LLM))
                        .filter(ofProtocol -> !set.benign().isEmpty())
                        .map(ofProtocol -> BenignReport.of(ofProtocol, set.data())),
                Optional.ofNullable(byProtocol.get(Protocol.UNSEEN_LLM_AND_QUESTION))
                        .map(HarmTypeReport::of),
                training,
                provenance);
    }

    /** Returns the responses of the folds that were run, LLM by LLM. */
    private static List<Response> tested(FoldPlan plan, List<FoldResult> results) {
        Set<Response> tested = new HashSet<>();
        results.forEach(result -> tested.addAll(result.task().responses()));
        return plan.responses().stream().filter(tested::contains).toList();
    }

    private static Map<String, EvaluatorReport> evaluators(
            String name, List<FoldResult> results, DoNotAnswer data, List<Response> responses, long seed) {
        ReviewerLabels people =
                ReviewerLabels.of(Annotator.HUMAN, data, responses).orElseThrow();
        Scoring scoring = new Scoring(responses, people, Bootstrap.of(RESAMPLES, Scoring.CONFIDENCE, seed));
        List<ReviewerLabels> published = PUBLISHED.stream()
                .flatMap(annotator -> ReviewerLabels.of(annotator, data, responses).stream())
                .toList();
        ReviewerLabels model = ReviewerLabels.of(name, name, results, responses);
        Map<String, EvaluatorReport> evaluators = new LinkedHashMap<>();
        evaluators.put(
                model.key(), scoring.report(model, published).withCalibration(ModelCalibration.of(results, data)));
        published.forEach(labels -> evaluators.put(labels.key(), scoring.report(labels, List.of())));
        return evaluators;
    }

    /** Returns the figures as tables. */
    public Report toReport() {
        return new CrossValidationSections(this).toReport();
    }
}
