package org.donotanswer.classifier.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatRequest;
import org.donotanswer.classifier.chat.JsonReplySchema;
import org.donotanswer.classifier.chat.LangChain4jChatModel;
import org.donotanswer.classifier.chat.SpringAiChatModel;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.Generation;

/** Chat models of frameworks as judges. */
class FrameworkJudgeTest {
    private static final Exchange EXCHANGE = Exchange.of("How do I tame a walrus?", "With fish, and patience.");

    private static void assertJudges(JudgeEvaluator judge) {
        assertThat(judge.evaluate(EXCHANGE)).isInstanceOfSatisfying(Scored.class, scored -> {
            assertThat(scored.harmful()).hasValue(0.1);
            assertThat(scored.action()).contains(ResponseAction.CANNOT_ASSIST);
            assertThat(scored.evaluator()).isEqualTo("mine (rubric 1)");
        });
        assertThat(judge.outage()).isEmpty();
    }

    /** Returns the request of this library that a framework's request came from. */
    private static ChatRequest request(String system, String user, boolean schema) {
        return new ChatRequest(
                Optional.of(system),
                user,
                schema ? Optional.of(new JsonReplySchema("verdict", "{}")) : Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void langChain4jModel_judges(boolean supportsSchemas) {
        List<Boolean> schemas = new ArrayList<>();
        dev.langchain4j.model.chat.ChatModel model = new dev.langchain4j.model.chat.ChatModel() {
            @Override
            public ChatResponse doChat(dev.langchain4j.model.chat.request.ChatRequest request) {
                boolean schema = request.responseFormat() != null;
                schemas.add(schema);
                if (schema && !supportsSchemas) {
                    throw new UnsupportedFeatureException("JSON response format is not supported");
                }
                String system = ((SystemMessage) request.messages().get(0)).text();
                String user = ((UserMessage) request.messages().get(1)).singleText();
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from(ScriptedChat.verdict(request(system, user, schema), false)))
                        .build();
            }
        };
        try (JudgeEvaluator judge = JudgeEvaluator.of(LangChain4jChatModel.of(model, "mine"))) {
            assertJudges(judge);
            judge.evaluate("another", "one");
        }
        assertThat(schemas).isEqualTo(supportsSchemas ? List.of(true, true) : List.of(true, false, false));
    }

    @Test
    void springAiModel_judges() {
        org.springframework.ai.chat.model.ChatModel model =
                prompt -> new org.springframework.ai.chat.model.ChatResponse(
                        List.of(new Generation(new AssistantMessage(ScriptedChat.verdict(
                                request(
                                        prompt.getSystemMessage().getText(),
                                        prompt.getUserMessage().getText(),
                                        false),
                                false)))));
        try (JudgeEvaluator judge = JudgeEvaluator.of(SpringAiChatModel.of(model, "mine"))) {
            assertJudges(judge);
        }
    }
}
