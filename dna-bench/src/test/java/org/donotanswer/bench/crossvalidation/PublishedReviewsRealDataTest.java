package org.donotanswer.bench.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.donotanswer.dataset.SupplementaryData;
import org.donotanswer.metrics.Bootstrap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published reviews give the figures that are known of them, whoever computes these. */
@RealData
class PublishedReviewsRealDataTest {
    private static TrainingSet set;
    private static FoldPlan plan;

    @BeforeAll
    static void load() throws IOException {
        set = new TrainingSet(
                DoNotAnswer.load(RealDataDirectories.doNotAnswer()),
                Optional.of(SupplementaryData.load(RealDataDirectories.moreData())));
        plan = new FoldPlan(set, 42);
    }

    private static EvaluatorReport report(Annotator annotator) {
        DoNotAnswer data = set.data();
        Scoring scoring = new Scoring(
                plan.responses(),
                ReviewerLabels.of(Annotator.HUMAN, data, plan.responses()).orElseThrow(),
                Bootstrap.of(20, 0.95, 1));
        return scoring.report(
                ReviewerLabels.of(annotator, data, plan.responses()).orElseThrow(), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "GPT4, .913, .871, .984, .871, .776, .772, .774",
        "LONGFORMER, .888, .830, .981, .804, .721, .710, .715",
        "LONGFORMER_RESPONSE_ONLY, .884, .825, .979, .778, .708, .653, .679",
        "BERT, .874, .803, .981, .818, .770, .642, .701"
    })
    void reviews_giveTheKnownScores(
            Annotator annotator,
            double actionAccuracy,
            double actionF1,
            double harmfulAccuracy,
            double harmfulF1,
            double precision,
            double recall,
            double f1) {
        EvaluatorReport report = report(annotator);

        assertThat(report.action().task().mean().accuracy()).isEqualTo(actionAccuracy, within(0.001));
        assertThat(report.action().task().mean().f1()).isEqualTo(actionF1, within(0.001));
        assertThat(report.harmful().task().mean().accuracy()).isEqualTo(harmfulAccuracy, within(0.001));
        assertThat(report.harmful().task().mean().f1()).isEqualTo(harmfulF1, within(0.001));
        assertThat(report.harmful().pooled().precision()).isEqualTo(precision, within(0.0006));
        assertThat(report.harmful().pooled().recall()).isEqualTo(recall, within(0.0006));
        assertThat(report.harmful().pooled().f1()).isEqualTo(f1, within(0.0006));
    }

    /** The nine reviews that were not parsed count as wrong; leaving them out makes little difference. */
    @Test
    void gpt4_withoutUnparsedReviews_isAThousandthBetter() {
        EvaluatorReport report = report(Annotator.GPT4);
        EvaluatorReport scored = report.scoredOnly().orElseThrow();

        assertThat(report.labels().unscored()).isEqualTo(9);
        assertThat(scored.action().task().mean().accuracy()).isEqualTo(0.914, within(0.0005));
        assertThat(scored.action().task().mean().f1()).isEqualTo(0.873, within(0.0005));
        assertThat(scored.harmful().task().mean().accuracy()).isEqualTo(0.985, within(0.0005));
        assertThat(scored.harmful().pooled().f1()).isEqualTo(0.776, within(0.0005));
    }

    @Test
    void plan_isThatOfTheProtocols() {
        List<FoldTask> unseenLlm = plan.tasks(Protocol.UNSEEN_LLM);
        List<FoldTask> unseenBoth = plan.tasks(Protocol.UNSEEN_LLM_AND_QUESTION);

        assertThat(unseenLlm)
                .extracting(FoldTask::name)
                .containsExactly("GPT4", "ChatGPT", "Claude", "ChatGLM2", "llama2-7b-chat", "vicuna-7b");
        assertThat(unseenLlm).allSatisfy(task -> {
            assertThat(task.responses()).hasSize(939);
            assertThat(task.benign().stream().filter(FoldTask.BenignItem::llmUnseen))
                    .hasSize(569);
        });
        assertThat(unseenBoth).hasSize(18).allSatisfy(task -> assertThat(task.responses())
                .hasSize(313));
        assertThat(set.examples(Holdout.none())).hasSize(5634 + 3414 + 288 + 3071);
    }
}
