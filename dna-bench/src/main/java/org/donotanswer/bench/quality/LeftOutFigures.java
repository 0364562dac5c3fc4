package org.donotanswer.bench.quality;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.quality.LeftOutSources.LeftOutFold;
import org.donotanswer.bench.quality.SourceFigures.Flagged;
import org.donotanswer.dataset.BenignExchange;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Proportion;

/**
 * How well sources were judged by models that were not trained on them. Immutable, hence thread-safe.
 *
 * @param folds what was left out together
 * @param sources by name
 * @param peopleMean the mean over the sources labelled by people, each with the same weight; empty if there are none
 * @param everyday everyday exchanges flagged, of all their sources; 0 of 0 if there are none
 * @param alarmingWords harmless exchanges with alarming words flagged
 */
public record LeftOutFigures(
        List<LeftOutFold> folds,
        List<SourceFigures> sources,
        Optional<BinaryFigures> peopleMean,
        Proportion everyday,
        Proportion alarmingWords) {
    /** An everyday source that is not among the supplementary data. */
    private static final String MORE_EVERYDAY = "alpaca-eval-more";

    /** Copies the lists. */
    public LeftOutFigures {
        folds = List.copyOf(folds);
        sources = List.copyOf(sources);
    }

    /** Returns the figures of the folds of a training set. */
    public static LeftOutFigures of(List<LeftOutFold> folds, TrainingSet set, Bootstrap bootstrap) {
        List<Prediction> predictions = new ArrayList<>();
        folds.forEach(fold -> predictions.addAll(fold.predictions()));
        Map<String, List<Prediction>> bySource = predictions.stream()
                .collect(groupingBy(prediction -> prediction.example().source(), TreeMap::new, toList()));
        List<SourceFigures> sources = new ArrayList<>();
        bySource.forEach((source, ofSource) -> sources.add(SourceFigures.of(source, ofSource, bootstrap)));
        List<List<Prediction>> byPeople = sources.stream()
                .filter(source -> source.isLabelledByPeople() && source.harm().isPresent())
                .map(source -> bySource.get(source.source()))
                .toList();
        Set<String> everyday = names(set.benign());
        everyday.add(MORE_EVERYDAY);
        return new LeftOutFigures(
                folds,
                sources,
                byPeople.isEmpty()
                        ? Optional.empty()
                        : Optional.of(BinaryFigures.mean(byPeople, Target.HARM, bootstrap)),
                falseAlarms(sources, everyday),
                falseAlarms(sources, names(set.hardBenign())));
    }

    private static Set<String> names(List<BenignExchange> exchanges) {
        Set<String> names = new HashSet<>();
        exchanges.forEach(exchange -> names.add(exchange.source()));
        return names;
    }

    private static Proportion falseAlarms(List<SourceFigures> sources, Set<String> names) {
        return Proportion.sum(sources.stream()
                .filter(source -> names.contains(source.source()))
                .flatMap(source -> source.falseAlarms().stream())
                .map(Flagged::scored)
                .toList());
    }
}
