package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The facts about the published data on which the project relies. */
@RealData
class DoNotAnswerRealDataTest {
    private static DoNotAnswer dataset;
    private static DatasetStatistics statistics;

    @BeforeAll
    static void load() throws IOException {
        dataset = DoNotAnswer.load(RealDataDirectories.doNotAnswer());
        statistics = dataset.statistics();
    }

    @Test
    void load_publishedFiles_haveAllQuestionsResponsesAndReviews() {
        assertThat(dataset.questions()).hasSize(939).extracting(Question::id).isSorted();
        assertThat(dataset.question(0)).isPresent();
        assertThat(dataset.question(938)).isPresent();
        assertThat(dataset.llms()).containsExactlyElementsOf(Llm.published());
        assertThat(dataset.responses()).hasSize(6 * 939);
        for (Llm llm : Llm.published()) {
            assertThat(dataset.annotators(llm)).containsExactly(Annotator.values());
            for (Annotator annotator : Annotator.values()) {
                assertThat(dataset.reviews(annotator, llm)).hasSize(939);
            }
        }
    }

    @Test
    void load_publishedFiles_reassignsOnlyTheRepeatedIdOfTheGpt4Reviews() {
        assertThat(dataset.notices()).hasSize(6).allSatisfy(notice -> {
            assertThat(notice.event()).isEqualTo(Notice.Event.ID_REASSIGNED);
            assertThat(notice.file()).startsWith("Review/GPT4/");
            assertThat(notice.detail()).startsWith("id 434 occurred twice and was read as 433");
        });
    }

    @Test
    void checksums_publishedFiles_areThePinnedOnes() {
        assertThat(dataset.checksums()).hasSize(38);
        assertThat(dataset.checksums())
                .containsEntry(
                        "Instruction/do_not_answer_en.csv",
                        "06acfa39a06a1b33d1f264ce41b4f7a95812010c594fb733ae4717ee0a4544fc")
                .containsEntry("data_en.csv", "410449674780aa7304512043706f7981f666a79528d11546da34ebdd9595681c");
    }

    @Test
    void load_combinedFileAlone_givesTheSameQuestionsResponsesAndHumanReviews() throws IOException {
        DoNotAnswer combined =
                DoNotAnswer.load(RealDataDirectories.doNotAnswer().resolve("data_en.csv"));
        assertThat(combined.questions()).isEqualTo(dataset.questions());
        assertThat(combined.responses()).isEqualTo(dataset.responses());
        assertThat(combined.reviews(Annotator.HUMAN)).isEqualTo(dataset.reviews(Annotator.HUMAN));
        assertThat(combined.annotators()).containsExactly(Annotator.HUMAN);
    }

    @Test
    void statistics_questions_areCountedPerLevel() {
        assertThat(statistics.questionsByRiskArea().values()).containsExactly(248, 243, 176, 155, 117);
        assertThat(statistics.questionsByHarmType().values())
                .containsExactly(136, 112, 132, 71, 40, 95, 53, 28, 92, 63, 67, 50);
        assertThat(statistics.questionsBySpecificHarm()).hasSize(61).allSatisfy((harm, count) -> assertThat(count)
                .isPositive());
        assertThat(RiskArea.values()).hasSize(5);
        assertThat(HarmType.values()).hasSize(12);
        assertThat(SpecificHarm.values()).hasSize(61);
    }

    @Test
    void statistics_responseWords_areThePublishedLengths() {
        List<Double> means = List.of(63.0, 88.7, 67.2, 113.4, 145.7, 115.7);
        for (int i = 0; i < means.size(); i++) {
            assertThat(statistics
                            .responseWordsByLlm()
                            .get(Llm.published().get(i))
                            .mean())
                    .isCloseTo(means.get(i), within(.05));
        }
        assertThat(statistics.responseWords().count()).isEqualTo(5634);
        assertThat(statistics.responseWords().mean()).isCloseTo(98.9, within(.05));
        assertThat(List.of(5, 25, 50, 75, 90, 95, 99, 100))
                .extracting(percent -> Math.round(statistics.responseWords().percentile(percent)))
                .containsExactly(7L, 31L, 74L, 142L, 230L, 285L, 350L, 624L);
    }

    @Test
    void statistics_humanReviews_haveTheKnownHarmAndContradictions() {
        assertThat(Llm.published())
                .extracting(llm -> statistics.labelCounts(Annotator.HUMAN, llm).harmful())
                .containsExactly(23, 14, 16, 85, 3, 52);
        LabelCounts human = statistics.labelCounts(Annotator.HUMAN);
        assertThat(human.total()).isEqualTo(5634);
        assertThat(human.harmful()).isEqualTo(193);
        assertThat(human.harmfulWithoutFollowing()).isEqualTo(21);
        assertThat(human.harmlessDespiteFollowing()).isEqualTo(13);
        assertThat(statistics.labelMismatches(Annotator.HUMAN)).hasSize(34);
        assertThat(human.actions().get(ResponseAction.FOLLOW_INSTRUCTION)).isEqualTo(185);
    }

    @Test
    void statistics_safeProportions_areThePublishedOnes() {
        assertSafe(Annotator.HUMAN, 97.6, 98.5, 98.3, 90.9, 99.7, 94.5);
        assertSafe(Annotator.GPT4, 96.5, 97.7, 98.3, 92.9, 99.4, 94.9);
        assertSafe(Annotator.LONGFORMER, 97.2, 97.9, 97.6, 92.9, 99.3, 95.0);
    }

    private static void assertSafe(Annotator annotator, double... percent) {
        for (int i = 0; i < percent.length; i++) {
            Llm llm = Llm.published().get(i);
            // The paper divides by all reviews, unscored ones included.
            LabelCounts counts = statistics.labelCounts(annotator, llm);
            assertThat(100 - 100.0 * counts.harmful() / counts.total())
                    .as("%s of %s", annotator, llm)
                    .isCloseTo(percent[i], within(.05));
        }
    }

    @Test
    void statistics_unscoredReviews_areNineByGpt4() {
        assertThat(statistics.unscoredReviews(Annotator.GPT4)).hasSize(9).allSatisfy(review -> {
            assertThat(review.publishedAction()).isEqualTo(Review.UNPARSED);
            assertThat(review.judgeText()).isPresent();
        });
        assertThat(statistics.unscoredReviews(Annotator.HUMAN)).isEmpty();
        assertThat(statistics.labelCounts(Annotator.GPT4).harmful()).isEqualTo(192);
    }

    @Test
    void statistics_defects_areTheKnownOnes() {
        assertThat(statistics.duplicatedQuestions())
                .singleElement()
                .satisfies(group -> assertThat(group).extracting(Question::id).containsExactly(433, 434));
        assertThat(statistics.brokenOrganizationNames()).hasSize(37);
    }

    /** The expected values were computed independently of this library, over the scored reviews. */
    @Test
    void reviews_againstHumans_agreeAsMeasured() {
        assertAgreement(Annotator.GPT4, .91413, .98471);
        assertAgreement(Annotator.LONGFORMER, .88836, .98065);
        assertAgreement(Annotator.LONGFORMER_RESPONSE_ONLY, .88339, .97888);
        assertAgreement(Annotator.BERT, .87433, .98119);
    }

    private static void assertAgreement(Annotator annotator, double action, double harmful) {
        assertThat(agreement(annotator, Review::action))
                .as("%s, action", annotator)
                .isCloseTo(action, within(5e-6));
        assertThat(agreement(annotator, Review::harmful))
                .as("%s, harmful", annotator)
                .isCloseTo(harmful, within(5e-6));
    }

    private static double agreement(Annotator annotator, Function<Review, ?> label) {
        List<Review> scored =
                dataset.reviews(annotator).stream().filter(Review::isScored).toList();
        return scored.stream()
                        .filter(review -> label.apply(review)
                                .equals(label.apply(dataset.review(Annotator.HUMAN, review.response())
                                        .orElseThrow())))
                        .count()
                / (double) scored.size();
    }

    @Test
    void reviews_gpt4HarmfulClass_hasThePublishedPrecisionAndRecall() {
        long found = dataset.reviews(Annotator.GPT4).stream()
                .filter(review -> review.harmful().orElse(false))
                .filter(review -> dataset.review(Annotator.HUMAN, review.response())
                        .orElseThrow()
                        .harmful()
                        .orElseThrow())
                .count();
        assertThat(found / 192.0).isCloseTo(.776, within(.0005));
        assertThat(found / 193.0).isCloseTo(.772, within(.0005));
    }
}
