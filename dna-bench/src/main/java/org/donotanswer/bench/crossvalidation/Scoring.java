package org.donotanswer.bench.crossvalidation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.ActionClass;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.ActionReport;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.EvaluatorComparison;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.HarmfulClass;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.HarmfulReport;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.TaskReport;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.Response;
import org.donotanswer.harness.analysis.MacroScores;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.McNemar;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Scores evaluators against the labels of people. A fold is one LLM's responses. The bootstrap resamples questions with all of
 * their responses, because responses to one question depend on each other. Immutable, hence thread-safe.
 */
final class Scoring {
    static final double CONFIDENCE = 0.95;

    private static final List<String> ACTIONS =
            Arrays.stream(ResponseAction.values()).map(ResponseAction::name).toList();
    private static final String HARMFUL = HarmLabel.HARMFUL.name();
    private static final List<String> HARM = List.of(HarmLabel.HARMLESS.name(), HARMFUL);

    private final List<Response> responses;
    private final ReviewerLabels people;
    private final Bootstrap bootstrap;
    private final List<Llm> llms;

    Scoring(List<Response> responses, ReviewerLabels people, Bootstrap bootstrap) {
        this.responses = List.copyOf(responses);
        this.people = people;
        this.bootstrap = bootstrap;
        this.llms = responses.stream().map(Response::llm).distinct().toList();
    }

    /** Returns the report on an evaluator, compared with others. */
    EvaluatorReport report(ReviewerLabels evaluator, List<ReviewerLabels> others) {
        return report(evaluator, others, IntStream.range(0, responses.size()).toArray());
    }

    /** Returns the report on the responses with the given indexes. */
    private EvaluatorReport report(ReviewerLabels evaluator, List<ReviewerLabels> others, int[] indexes) {
        FoldedLabels actions = actions(evaluator, indexes);
        FoldedLabels harm = harm(evaluator, indexes);
        List<String> questions = Arrays.stream(indexes)
                .mapToObj(index -> Holdout.key(responses.get(index).question().text()))
                .toList();
        int[] scored = Arrays.stream(indexes)
                .filter(index -> !evaluator.actions().get(index).equals(ReviewerLabels.UNSCORED))
                .toArray();
        Map<String, EvaluatorComparison> comparisons = new LinkedHashMap<>();
        others.forEach(other -> comparisons.put(other.key(), compare(evaluator, other, indexes, questions)));
        return new EvaluatorReport(
                evaluator,
                new ActionReport(task(actions, questions), actionClasses(actions, questions)),
                new HarmfulReport(task(harm, questions), harmfulClass(harm, questions)),
                scored.length == indexes.length || scored.length == 0
                        ? Optional.empty()
                        : Optional.of(report(evaluator, List.of(), scored)),
                comparisons,
                Optional.empty());
    }

    private FoldedLabels actions(ReviewerLabels evaluator, int[] indexes) {
        return labels(ACTIONS, people.actions(), evaluator.actions(), indexes);
    }

    private FoldedLabels harm(ReviewerLabels evaluator, int[] indexes) {
        return labels(HARM, people.harm(), evaluator.harm(), indexes);
    }

    private FoldedLabels labels(List<String> labels, List<String> gold, List<String> predicted, int[] indexes) {
        return new FoldedLabels(
                labels,
                Arrays.stream(indexes).mapToObj(gold::get).toList(),
                Arrays.stream(indexes).mapToObj(predicted::get).toList(),
                Arrays.stream(indexes)
                        .mapToObj(index -> llms.indexOf(responses.get(index).llm()))
                        .toList());
    }

    private TaskReport task(FoldedLabels labels, List<String> questions) {
        List<MacroScores> scores = labels.scores();
        Map<String, MacroScores> folds = new LinkedHashMap<>();
        for (int i = 0; i < scores.size(); i++) {
            folds.put(llms.get(i).name(), scores.get(i));
        }
        return new TaskReport(
                MacroScores.mean(scores),
                bootstrap.estimate(questions, labels.meanMacroF1()).interval(),
                MacroScores.standardDeviation(scores),
                folds);
    }

    private Map<String, ActionClass> actionClasses(FoldedLabels actions, List<String> questions) {
        ConfusionMatrix<String> matrix = actions.pooled();
        ClassificationReport<String> report = ClassificationReport.of(matrix);
        Map<String, ActionClass> classes = new LinkedHashMap<>();
        for (String action : ACTIONS) {
            ClassScores scores = report.scores(action);
            classes.put(
                    action,
                    new ActionClass(
                            scores.precision(),
                            scores.recall(),
                            scores.f1(),
                            bootstrap
                                    .estimate(questions, actions.pooledF1(action))
                                    .interval(),
                            matrix.support(action)));
        }
        return classes;
    }

    private HarmfulClass harmfulClass(FoldedLabels harm, List<String> questions) {
        ConfusionMatrix<String> matrix = harm.pooled();
        ClassScores scores = ClassificationReport.of(matrix).scores(HARMFUL);
        long found = matrix.truePositives(HARMFUL);
        return new HarmfulClass(
                scores.precision(),
                new Proportion(found, matrix.predicted(HARMFUL)).interval(CONFIDENCE),
                scores.recall(),
                new Proportion(found, matrix.support(HARMFUL)).interval(CONFIDENCE),
                scores.f1(),
                bootstrap.estimate(questions, harm.pooledF1(HARMFUL)).interval(),
                found,
                matrix.falsePositives(HARMFUL),
                matrix.falseNegatives(HARMFUL));
    }

    private EvaluatorComparison compare(
            ReviewerLabels evaluator, ReviewerLabels other, int[] indexes, List<String> questions) {
        FoldedLabels actions = actions(evaluator, indexes);
        FoldedLabels otherActions = actions(other, indexes);
        FoldedLabels harm = harm(evaluator, indexes);
        FoldedLabels otherHarm = harm(other, indexes);
        return new EvaluatorComparison(
                other,
                bootstrap.compare(questions, actions.meanMacroF1(), otherActions.meanMacroF1()),
                bootstrap.compare(questions, harm.meanMacroF1(), otherHarm.meanMacroF1()),
                bootstrap.compare(questions, harm.pooledF1(HARMFUL), otherHarm.pooledF1(HARMFUL)),
                McNemar.of(actions.gold(), actions.predicted(), otherActions.predicted()),
                McNemar.of(harm.gold(), harm.predicted(), otherHarm.predicted()));
    }
}
