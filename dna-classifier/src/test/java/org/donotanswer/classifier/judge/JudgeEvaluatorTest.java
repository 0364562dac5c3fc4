package org.donotanswer.classifier.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.ChatRequest;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeEvaluatorTest {
    private static final Exchange EXCHANGE = Exchange.of("How do I tame a walrus?", "With fish, and patience.");

    private static JudgeEvaluator judge(ScriptedChat chat) throws IOException {
        return JudgeEvaluator.builder().model(chat).build();
    }

    private static ScriptedChat honest() {
        return ScriptedChat.saying(request -> ScriptedChat.verdict(request, false));
    }

    private static UnscoredReason reason(Assessment assessment) {
        assertThat(assessment).isInstanceOf(Unscored.class);
        assertThat(assessment.toString()).doesNotContain("walrus", "fish");
        return ((Unscored) assessment).reason();
    }

    @Test
    void judgement_isAssessment() throws IOException {
        try (JudgeEvaluator judge = judge(honest())) {
            assertThat(judge.evaluate(EXCHANGE)).isInstanceOfSatisfying(Scored.class, scored -> {
                assertThat(scored.harmful()).hasValue(0.1);
                assertThat(scored.action()).contains(ResponseAction.CANNOT_ASSIST);
                assertThat(scored.instructionRisk()).isEmpty();
                assertThat(scored.truncated()).isFalse();
                assertThat(scored.evaluator()).isEqualTo("scripted (rubric 1)");
            });
        }
    }

    @Test
    void instruction_isJudgedIfRequestedAndKnown() throws IOException {
        ScriptedChat chat = ScriptedChat.saying(request -> {
            String verdict = ScriptedChat.verdict(request, false);
            return request.schema().orElseThrow().json().contains("harm_type")
                    ? verdict.replace("}", ",\"instruction_risk\":0.75,\"harm_type\":\"TOXIC_LANGUAGE\"}")
                    : verdict;
        });
        try (JudgeEvaluator judge =
                JudgeEvaluator.builder().model(chat).judgeInstruction(true).build()) {
            Assessment both = judge.evaluate(EXCHANGE);

            assertThat(both.harmType()).contains(HarmType.TOXIC_LANGUAGE);
            assertThat(((Scored) both).instructionRisk()).hasValue(0.75);
            assertThat(judge.evaluate("", "With fish.").isScored()).isTrue();
            assertThat(judge.evaluate("", "With fish.").harmType()).isEmpty();
        }
        assertThat(chat.requests().get(0).system().orElseThrow()).contains("TOXIC_LANGUAGE: Toxic language");
        assertThat(chat.requests().get(1).user()).contains("What the user asked is not known.");
    }

    @Test
    void blankResponse_isNotAskedAbout() throws IOException {
        ScriptedChat chat = honest();
        try (JudgeEvaluator judge = judge(chat)) {
            assertThat(reason(judge.evaluate("How?", " \n"))).isEqualTo(UnscoredReason.EMPTY_RESPONSE);
        }
        assertThat(chat.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "TIMEOUT, TIMEOUT",
        "CONNECTION, EVALUATOR_UNAVAILABLE",
        "RATE_LIMITED, EVALUATOR_UNAVAILABLE",
        "SERVER_FAILURE, EVALUATOR_UNAVAILABLE",
        "MALFORMED_REPLY, EVALUATOR_UNAVAILABLE",
        "AUTHENTICATION, EVALUATOR_MISCONFIGURED",
        "UNKNOWN_MODEL, EVALUATOR_MISCONFIGURED",
        "UNKNOWN_ENDPOINT, EVALUATOR_MISCONFIGURED",
        "REJECTED, EVALUATOR_FAILURE"
    })
    void failure_isUnscoredAndNotKept(FailureKind kind, UnscoredReason reason) throws IOException {
        ScriptedChat chat = ScriptedChat.failing(kind);
        try (JudgeEvaluator judge = judge(chat)) {
            assertThat(reason(judge.evaluate(EXCHANGE))).isEqualTo(reason);
            assertThat(judge.reply(EXCHANGE)).isEmpty();
            int asked = chat.requests().size();

            judge.evaluate(EXCHANGE);

            assertThat(chat.requests()).hasSize(2 * asked);
            assertThat(judge.usage().unscored()).isEqualTo(Map.of(reason, 2L));
        }
    }

    @ParameterizedTest
    @CsvSource({"REFUSAL, REVIEW_REFUSED", "CONTENT_FILTER, REVIEW_REFUSED", "LENGTH, UNPARSED_REVIEW"})
    void incompleteReply_isUnscoredEvenWithJudgement(Finish finish, UnscoredReason reason) throws IOException {
        ScriptedChat chat =
                new ScriptedChat(request -> ScriptedChat.reply(ScriptedChat.verdict(request, false), finish));
        try (JudgeEvaluator judge = judge(chat)) {
            assertThat(reason(judge.evaluate(EXCHANGE))).isEqualTo(reason);
        }
        assertThat(chat.requests()).hasSize(1);
    }

    @Test
    void unreadableReply_isKept() throws IOException {
        List<JudgeReply> heard = Collections.synchronizedList(new ArrayList<>());
        ScriptedChat chat = ScriptedChat.saying(request -> "The walrus is fine.");
        try (JudgeEvaluator judge =
                JudgeEvaluator.builder().model(chat).listener(heard::add).build()) {
            Assessment assessment = judge.evaluate(EXCHANGE);

            assertThat(reason(assessment)).isEqualTo(UnscoredReason.UNPARSED_REVIEW);
            assertThat(heard).extracting(JudgeReply::format).containsExactly(ReplyFormat.JSON, ReplyFormat.TAGGED);
            JudgeReply kept = judge.reply(EXCHANGE).orElseThrow();
            assertThat(kept).isEqualTo(heard.get(1));
            assertThat(kept.reply().text()).isEqualTo("The walrus is fine.");
            assertThat(kept.toString()).doesNotContain("walrus");
            assertThat(((Unscored) assessment).detail())
                    .isEqualTo("reply must have the token, but had none (reply "
                            + kept.key().substring(0, 16) + ")");
            judge.evaluate(EXCHANGE);
            assertThat(chat.requests()).hasSize(2);
        }
    }

    @Test
    void rejectedSchemas_areNotSentAgain() throws IOException {
        ScriptedChat chat = new ScriptedChat(request -> {
            if (request.schema().isPresent()) {
                throw new ChatException("request must have no schema, but had one", FailureKind.REJECTED);
            }
            return ScriptedChat.reply("It declines.\n" + ScriptedChat.verdict(request, false));
        });
        try (JudgeEvaluator judge = judge(chat)) {
            assertThat(judge.evaluate("1", "a").isScored()).isTrue();
            assertThat(judge.evaluate("2", "b").isScored()).isTrue();
            assertThat(judge.usage().requests()).isEqualTo(3);
        }
        assertThat(chat.requests())
                .extracting(request -> request.schema().isPresent())
                .containsExactly(true, false, false);
    }

    @Test
    void requestRejectedInBothFormats_doesNotBlameTheSchema() throws IOException {
        ScriptedChat chat = new ScriptedChat(request -> {
            if (request.user().contains("too much")) {
                throw new ChatException("request must be short, but was long", FailureKind.REJECTED);
            }
            return ScriptedChat.reply(ScriptedChat.verdict(request, false));
        });
        try (JudgeEvaluator judge = judge(chat)) {
            assertThat(reason(judge.evaluate("1", "too much"))).isEqualTo(UnscoredReason.EVALUATOR_FAILURE);
            assertThat(judge.evaluate("2", "b").isScored()).isTrue();
        }
        assertThat(chat.requests())
                .extracting(request -> request.schema().isPresent())
                .containsExactly(true, false, true);
    }

    @Test
    void ignoredSchemas_areNotSentForever() throws IOException {
        ScriptedChat chat = ScriptedChat.saying(request -> "Let me see.\n" + ScriptedChat.verdict(request, false));
        try (JudgeEvaluator judge = judge(chat)) {
            for (int i = 0; i < 6; i++) {
                assertThat(judge.evaluate("", "a" + i).isScored()).isTrue();
            }
        }
        assertThat(chat.requests()).hasSize(3 * 2 + 3);
    }

    @Test
    void oneReplyWithoutJson_doesNotEndSchemas() throws IOException {
        ScriptedChat chat = ScriptedChat.saying(
                request -> request.user().contains("odd") ? "Odd." : ScriptedChat.verdict(request, false));
        try (JudgeEvaluator judge = judge(chat)) {
            judge.evaluate("", "even");
            for (int i = 0; i < 5; i++) {
                judge.evaluate("", "odd" + i);
            }
            judge.evaluate("", "even again");
        }
        assertThat(chat.requests()).hasSize(1 + 5 * 2 + 1).last().matches(request -> request.schema()
                .isPresent());
    }

    @Test
    void longText_isTruncatedAndMarked() throws IOException {
        ScriptedChat chat = honest();
        try (JudgeEvaluator judge =
                JudgeEvaluator.builder().model(chat).maxChars(100).build()) {
            assertThat(((Scored) judge.evaluate("a".repeat(100), "b".repeat(100))).truncated())
                    .isFalse();
            assertThat(((Scored) judge.evaluate("a".repeat(101), "b")).truncated())
                    .isTrue();
            assertThat(((Scored) judge.evaluate("a", "b".repeat(101))).truncated())
                    .isTrue();
        }
        assertThat(chat.requests().get(0).user()).doesNotContain("LEFT OUT");
        assertThat(chat.requests().get(1).user()).contains("=== 1 CHARACTERS OF WHAT THE USER ASKED LEFT OUT HERE ");
        assertThat(chat.requests().get(2).user()).contains("=== 1 CHARACTERS OF WHAT THE CHATBOT ANSWERED LEFT OUT");
    }

    @Test
    void usage_countsTokensAndCost() throws IOException {
        try (JudgeEvaluator judge = JudgeEvaluator.builder()
                .model(honest())
                .prices(new TokenPrices(2.5, 10, "USD"))
                .build()) {
            judge.evaluate("1", "a");
            judge.evaluate("2", "b");
            judge.evaluate("2", "b");
            judge.evaluate("3", "");

            JudgeUsage usage = judge.usage();

            assertThat(usage.requests()).isEqualTo(2);
            assertThat(usage.cacheHits()).isEqualTo(1);
            assertThat(usage.tokens()).isEqualTo(new TokenUsage(2_000, 20));
            assertThat(usage.cost().orElseThrow()).isCloseTo(2_000 * 2.5e-6 + 20 * 10e-6, within(1e-12));
            assertThat(usage.unscored()).isEqualTo(Map.of(UnscoredReason.EMPTY_RESPONSE, 1L));
            assertThat(usage.cacheWriteFailures()).isZero();
        }
        try (JudgeEvaluator judge = judge(honest())) {
            assertThat(judge.usage().cost()).isEmpty();
        }
    }

    @Test
    void close_closesTheChatModel() throws IOException {
        ScriptedChat chat = honest();
        judge(chat).close();
        assertThat(chat.isClosed()).isTrue();
    }

    @Test
    void provenance_holdsRubricModelAndSettings() throws IOException {
        try (JudgeEvaluator judge = JudgeEvaluator.builder()
                .model(honest())
                .name("my judge")
                .setting("temperature", "0")
                .secret("hush")
                .build()) {
            assertThat(judge.name()).isEqualTo("my judge");
            assertThat(judge.provenance().data())
                    .containsEntry("rubric", Rubric.current().checksum());
            assertThat(judge.provenance().parameters())
                    .containsEntry("model", "scripted")
                    .containsEntry("rubric", "1")
                    .containsEntry("maxChars", "16000")
                    .containsEntry("setting.temperature", "0");
            assertThat(judge.provenance().toString()).doesNotContain("hush");
        }
    }

    @Test
    void provenance_withoutSettings_holdsThoseOfTheModel() throws IOException {
        try (JudgeEvaluator judge = judge(honest());
                JudgeEvaluator other = JudgeEvaluator.builder()
                        .model(honest())
                        .setting("seed", "1")
                        .build()) {
            assertThat(judge.provenance().parameters()).containsEntry("setting.temperature", "0.5");
            assertThat(other.provenance().parameters())
                    .containsEntry("setting.seed", "1")
                    .doesNotContainKey("setting.temperature");
        }
    }

    @Test
    void of_isTheBuildersDefault() throws IOException {
        try (JudgeEvaluator judge = JudgeEvaluator.of(honest());
                JudgeEvaluator built = judge(honest())) {
            assertThat(judge.evaluate(EXCHANGE)).isEqualTo(built.evaluate(EXCHANGE));
            assertThat(judge.provenance()).isEqualTo(built.provenance());
        }
    }

    /** If the text of the rubric changes, it needs a new version, and the new checksum here. */
    @Test
    void rubric_version1_isAsPublished() {
        assertThat(Rubric.VERSION).isEqualTo("1");
        assertThat(Rubric.current().checksum())
                .isEqualTo("5a2ffff46b720136c6bed32d76f9ef3c35b5cd0d6615bd57135006564321f022");
    }

    @Test
    void requests_haveOneSystemTextAndSchema() throws IOException {
        ScriptedChat chat = honest();
        try (JudgeEvaluator judge = judge(chat)) {
            judge.evaluate("1", "a");
            judge.evaluate("2", "b");
        }
        assertThat(chat.requests())
                .extracting(ChatRequest::system)
                .containsOnly(chat.requests().get(0).system());
        assertThat(chat.requests())
                .extracting(ChatRequest::schema)
                .containsOnly(chat.requests().get(0).schema());
        assertThat(chat.requests().get(0).system().orElseThrow()).doesNotContain("{");
        for (ResponseAction action : ResponseAction.values()) {
            assertThat(chat.requests().get(0).system().orElseThrow()).contains("- " + action.name() + ": ");
        }
    }

    @Test
    void builder_optionSetTwice_isRefused() {
        JudgeBuilder builder = JudgeEvaluator.builder()
                .name("a")
                .maxChars(100)
                .concurrency(1)
                .setting("t", "0")
                .secret("s")
                .model(honest());

        assertThatIllegalStateException()
                .isThrownBy(() -> builder.name("b"))
                .withMessage("name must be set once, but was a and then b");
        assertThatIllegalStateException().isThrownBy(() -> builder.maxChars(200));
        assertThatIllegalStateException().isThrownBy(() -> builder.concurrency(2));
        assertThatIllegalStateException().isThrownBy(() -> builder.setting("t", "1"));
        assertThatIllegalStateException()
                .isThrownBy(() -> builder.secret("other"))
                .withMessage("secret must be set once, but was set twice");
        assertThatIllegalStateException()
                .isThrownBy(() -> JudgeEvaluator.builder().build())
                .withMessage("model must be set, but was not");
    }
}
