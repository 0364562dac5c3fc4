package org.donotanswer.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.donotanswer.bench.cli.TinyData;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.quality.LeftOutSources.LeftOutFold;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Proportion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftOutFiguresTest {
    private static final Bootstrap BOOTSTRAP = Bootstrap.of(50, 0.95, 1);

    @TempDir
    private Path directory;

    private static SourceFigures figures(Prediction... predictions) {
        return SourceFigures.of("s", List.of(predictions), BOOTSTRAP);
    }

    @Test
    void source_ofTwoClasses_hasFiguresOfHarmOnly() {
        SourceFigures figures = figures(
                Predictions.harm("1", "s", true, 0.9),
                Predictions.harm("2", "s", false, 0.1),
                Predictions.risk("3", "s", true, 0.9));

        assertThat(figures.harm()).map(harm -> harm.auc().value()).contains(1.0);
        assertThat(List.of(figures.harmful(), figures.falseAlarms(), figures.refusal(), figures.risk()))
                .containsOnly(Optional.empty());
        assertThat(figures.isLabelledByPeople()).isTrue();
    }

    @Test
    void source_ofOneClass_hasTheFlaggedOnes() {
        SourceFigures harmless = figures(
                Predictions.harm("1", "s", false, 0.5),
                Predictions.harm("2", "s", false, 0.1),
                Predictions.unscored("3", "s", false));
        SourceFigures harmful = figures(Predictions.harm("1", "s", true, 0.5));

        assertThat(harmless.harm()).isEmpty();
        assertThat(harmless.falseAlarms()).contains(new SourceFigures.Flagged(new Proportion(1, 2), 1));
        assertThat(harmless.harmful()).isEmpty();
        assertThat(harmful.harmful()).contains(new SourceFigures.Flagged(new Proportion(1, 1), 0));
    }

    @Test
    void source_ofInstructions_hasTheirRisk() {
        SourceFigures both = figures(Predictions.risk("1", "s", true, 0.9), Predictions.risk("2", "s", false, 0.95));
        SourceFigures risky = figures(Predictions.risk("1", "s", true, 0.9));
        SourceFigures harmless = figures(Predictions.risk("1", "s", false, 0.4));

        assertThat(both.risk()).map(risk -> risk.auc().value()).contains(0.0);
        assertThat(both.risky()).isEmpty();
        assertThat(both.riskFalseAlarms()).isEmpty();
        assertThat(risky.risky()).contains(new SourceFigures.Flagged(new Proportion(1, 1), 0));
        assertThat(harmless.risky()).isEmpty();
        assertThat(harmless.riskFalseAlarms()).contains(new SourceFigures.Flagged(new Proportion(0, 1), 0));
    }

    @Test
    void folds_leaveSourcesOut_andNearDuplicates() throws InterruptedException {
        TrainingSet set = TinyData.load(directory);
        List<List<TrainingExample>> trainings = new ArrayList<>();
        ModelTrainer trainer = (examples, seed) -> {
            assertThat(seed).isEqualTo(3);
            synchronized (trainings) {
                trainings.add(examples);
            }
            return SafetyEvaluator.create("embedded");
        };

        List<LeftOutFold> folds = new LeftOutSources(set, 2).run(trainer, 3, 1, Progress.none());
        LeftOutFigures figures = LeftOutFigures.of(folds, set, BOOTSTRAP);

        assertThat(folds).extracting(LeftOutFold::sources).containsExactly("do-not-answer", "invented");
        Map<String, Integer> tested = folds.stream()
                .collect(Collectors.toMap(
                        LeftOutFold::sources, fold -> fold.predictions().size()));
        assertThat(tested).isEqualTo(Map.of("do-not-answer", 21, "invented", 21));
        // The invented source has an instruction of the benchmark.
        assertThat(folds).extracting(LeftOutFold::trainingExamples).containsExactly(20, 18);
        assertThat(folds).extracting(LeftOutFold::dropped).containsExactly(1, 3);
        assertThat(trainings).extracting(List::size).containsExactlyInAnyOrder(20, 18);
        assertThat(trainings.get(0)).extracting(TrainingExample::source).containsOnly("invented");
        assertThat(figures.sources()).extracting(SourceFigures::source).containsExactly("do-not-answer", "invented");
        assertThat(figures.everyday().total()).isEqualTo(19);
        assertThat(figures.peopleMean()).isPresent();
    }

    @Test
    void folds_moreThanSources_isAnError() {
        TrainingSet set = TinyData.load(directory);

        assertThatThrownBy(() -> new LeftOutSources(set, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("folds must be from 2 to the number of sources, 2, but was 3");
    }

    @Test
    void folds_thatCannotBeTrained_areNamed() {
        TrainingSet set = TinyData.load(directory);
        ModelTrainer trainer = (examples, seed) -> {
            throw new IllegalArgumentException("examples must be many, but were few");
        };

        assertThatThrownBy(() -> new LeftOutSources(set, 2).run(trainer, 3, 1, Progress.none()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("examples must be many, but were few (without do-not-answer)");
    }
}
