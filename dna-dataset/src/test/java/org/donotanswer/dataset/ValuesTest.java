package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static final Question QUESTION = Question.of(3, SpecificHarm.LEGAL_INFORMATION, "Who  sues\nWhom?");
    private static final Response RESPONSE = new Response(QUESTION, Llm.CLAUDE, "Ann sues Bob.");

    @Test
    void question_of_hasTheTypeAndAreaOfItsHarm() {
        assertThat(QUESTION.harmType()).isEqualTo(HarmType.SENSITIVE_ORGANIZATION_INFORMATION);
        assertThat(QUESTION.riskArea()).isEqualTo(RiskArea.INFORMATION_HAZARDS);
    }

    @Test
    void question_groupKey_ignoresCaseAndWhiteSpace() {
        assertThat(QUESTION.groupKey()).isEqualTo("who sues whom?");
    }

    @Test
    void question_badValues_areRefused() {
        assertThatThrownBy(() -> Question.of(-1, SpecificHarm.LEGAL_INFORMATION, "x"))
                .hasMessage("question id must be at least 0, but was -1");
        assertThatThrownBy(() -> Question.of(1, SpecificHarm.LEGAL_INFORMATION, " "))
                .hasMessage("question text must not be blank, but was (question 1)");
        assertThatThrownBy(() -> new Question(
                        1,
                        RiskArea.INFORMATION_HAZARDS,
                        HarmType.PRIVATE_INFORMATION,
                        SpecificHarm.LEGAL_INFORMATION,
                        "x"))
                .hasMessage("harm type of LEGAL_INFORMATION must be SENSITIVE_ORGANIZATION_INFORMATION, but was"
                        + " PRIVATE_INFORMATION (question 1)");
        assertThatThrownBy(() -> new Question(
                        1,
                        RiskArea.MALICIOUS_USES,
                        HarmType.SENSITIVE_ORGANIZATION_INFORMATION,
                        SpecificHarm.LEGAL_INFORMATION,
                        "x"))
                .hasMessage("risk area of SENSITIVE_ORGANIZATION_INFORMATION must be INFORMATION_HAZARDS, but was"
                        + " MALICIOUS_USES (question 1)");
    }

    @Test
    void llms_areOrderedAsPublishedThenByName() {
        assertThat(Stream.of(Llm.of("zeta"), Llm.VICUNA_7B, Llm.of("alpha"), Llm.GPT4, Llm.CHATGPT)
                        .sorted())
                .containsExactly(Llm.GPT4, Llm.CHATGPT, Llm.VICUNA_7B, Llm.of("alpha"), Llm.of("zeta"));
        assertThat(Llm.published())
                .extracting(Llm::name)
                .containsExactly("GPT4", "ChatGPT", "Claude", "ChatGLM2", "llama2-7b-chat", "vicuna-7b");
        assertThat(Llm.of("GPT4")).isEqualTo(Llm.GPT4).hasToString("GPT4");
        assertThat(Llm.GPT4.isPublished()).isTrue();
        assertThat(Llm.of("alpha").isPublished()).isFalse();
    }

    @Test
    void llm_badName_isRefused() {
        assertThatThrownBy(() -> Llm.of(" "))
                .hasMessage("LLM name must be visible text without control characters, but was \" \"");
        assertThatThrownBy(() -> Llm.of("a\nb"))
                .hasMessage("LLM name must be visible text without control characters, but was \"a b\"");
        assertThatThrownBy(() -> Llm.of("x_ro"))
                .hasMessage("LLM name must not end with _ro, the suffix of response-only reviews, but was \"x_ro\"");
    }

    @Test
    void annotators_haveLabels() {
        assertThat(Annotator.values())
                .extracting(Annotator::label)
                .containsExactly("Human", "GPT-4", "Longformer", "Longformer, response only", "BERT");
    }

    @Test
    void review_ofGpt4_mapsItsNumbering() {
        List<ResponseAction> actions = Stream.of(0, 1, 2, 3, 4, 5, 6)
                .map(code ->
                        Review.ofGpt4(RESPONSE, code, Optional.empty()).action().orElseThrow())
                .toList();
        assertThat(actions)
                .containsExactly(
                        ResponseAction.CANNOT_ASSIST,
                        ResponseAction.REFUTE_OPINION,
                        ResponseAction.DUAL_PERSPECTIVES,
                        ResponseAction.CAUTIOUS_DISCLAIMER,
                        ResponseAction.UNABLE_OR_UNCERTAIN,
                        ResponseAction.UNABLE_OR_UNCERTAIN,
                        ResponseAction.FOLLOW_INSTRUCTION);
        assertThat(Review.ofGpt4(RESPONSE, 6, Optional.empty()).harmful()).contains(true);
        assertThat(Review.ofGpt4(RESPONSE, 5, Optional.empty()).harmful()).contains(false);
        assertThat(Review.ofGpt4(RESPONSE, -1, Optional.of("?")).isScored()).isFalse();
        assertThatThrownBy(() -> Review.ofGpt4(RESPONSE, 7, Optional.empty()))
                .hasMessage("GPT-4 action must be in -1..6, but was 7");
        assertThatThrownBy(() -> Review.ofGpt4(RESPONSE, -2, Optional.empty()))
                .hasMessage("GPT-4 action must be in -1..6, but was -2");
    }

    @Test
    void review_of_keepsThePublishedCode() {
        Review human = Review.of(RESPONSE, Annotator.HUMAN, false, ResponseAction.FOLLOW_INSTRUCTION);
        assertThat(human.publishedAction()).isEqualTo(5);
        assertThat(human.question()).isEqualTo(QUESTION);
        assertThat(human.llm()).isEqualTo(Llm.CLAUDE);
        assertThat(Review.of(RESPONSE, Annotator.GPT4, true, ResponseAction.FOLLOW_INSTRUCTION)
                        .publishedAction())
                .isEqualTo(6);
    }

    @Test
    void review_contradictions_areReported() {
        Review follow = Review.of(RESPONSE, Annotator.HUMAN, false, ResponseAction.FOLLOW_INSTRUCTION);
        Review refuse = Review.of(RESPONSE, Annotator.HUMAN, true, ResponseAction.CANNOT_ASSIST);
        Review unscored = Review.ofGpt4(RESPONSE, -1, Optional.empty());
        assertThat(follow.isHarmlessDespiteFollowing()).isTrue();
        assertThat(follow.isHarmfulWithoutFollowing()).isFalse();
        assertThat(refuse.isHarmfulWithoutFollowing()).isTrue();
        assertThat(refuse.isHarmlessDespiteFollowing()).isFalse();
        assertThat(unscored.isHarmfulWithoutFollowing()).isFalse();
        assertThat(unscored.isHarmlessDespiteFollowing()).isFalse();
    }

    @Test
    void review_oneLabelOnly_isRefused() {
        assertThatThrownBy(() ->
                        new Review(RESPONSE, Annotator.HUMAN, Optional.of(true), Optional.empty(), 0, Optional.empty()))
                .hasMessage("review must have both labels or neither, but was harmful=Optional[true],"
                        + " action=Optional.empty (Response[questionId=3, llm=Claude], HUMAN)");
    }

    @Test
    void toString_anyValue_hasNoText() {
        String secret = "geese";
        Question question = Question.of(3, SpecificHarm.LEGAL_INFORMATION, secret);
        Response response = new Response(question, Llm.CLAUDE, secret);
        PreferencePair.Message message = new PreferencePair.Message(PreferencePair.Speaker.USER, secret);
        List<Object> values = List.of(
                question,
                response,
                Review.of(response, Annotator.HUMAN, true, ResponseAction.FOLLOW_INSTRUCTION),
                Review.ofGpt4(response, -1, Optional.of(secret)),
                new BenignExchange("s", "human", secret, secret),
                new RiskyInstruction("s", secret),
                message,
                new PreferencePair("s", List.of(message), secret, secret),
                DoNotAnswer.of(List.of(question), List.of(response), List.of()));
        assertThat(values).allSatisfy(value -> assertThat(value.toString()).doesNotContain(secret));
        assertThat(values.get(3)).hasToString("Review[questionId=3, llm=Claude, annotator=GPT4, unscored]");
    }

    @Test
    void clip_longOrMultilineValue_fitsOneLine() {
        assertThat(DatasetFormatException.clip("a\nb")).isEqualTo("\"a b\"");
        assertThat(DatasetFormatException.clip("x".repeat(61))).isEqualTo("\"" + "x".repeat(60) + "...\"");
        assertThat(DatasetFormatException.clip("\uD83D\uDE00".repeat(60)))
                .isEqualTo("\"" + "\uD83D\uDE00".repeat(60) + "\"");
    }
}
