package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.guardrail.ChatExecutor;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.injector.ContentInjector;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Conversation.Role;
import org.donotanswer.guard.Conversation.Turn;
import org.donotanswer.guard.SafetyGuard;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests how the instruction is found. */
class UserTextsTest {
    private static final ContentRetriever PASSAGES =
            query -> List.of(Content.from("A RISKY passage."), Content.from("A BAD passage."));

    private final WordEvaluator evaluator = new WordEvaluator();
    private final SafetyOutputGuardrail guardrail = SafetyOutputGuardrail.of(SafetyGuard.of(evaluator));
    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);

    interface Bot {
        String chat(String message);
    }

    interface StreamingBot {
        TokenStream chat(String message);
    }

    interface Translator {
        @UserMessage("Translate to {{language}}: {{text}}")
        String translate(@V("text") String text, @V("language") String language);
    }

    interface Classifier {
        @UserMessage("Is this true? {{it}}")
        boolean isTrue(String statement);
    }

    interface Viewer {
        String describe(@UserMessage String question, @UserMessage ImageContent image);
    }

    private <T> AiServices<T> service(Class<T> type, String answer) {
        return AiServices.builder(type).chatModel(ScriptedModel.saying(answer)).outputGuardrails(guardrail);
    }

    @Test
    void retrievedPassages_areNotPartOfTheInstruction() {
        ScriptedModel model = ScriptedModel.saying("Fine.");
        for (boolean remembers : new boolean[] {true, false}) {
            AiServices<Bot> service = AiServices.builder(Bot.class)
                    .chatModel(model)
                    .contentRetriever(PASSAGES)
                    .outputGuardrails(guardrail);
            if (remembers) {
                service.chatMemory(memory);
            }

            service.build().chat("What are locks made of?");

            assertThat(evaluator.lastInstruction()).isEqualTo("What are locks made of?");
        }
        assertThat(model.requests).hasSize(2).allSatisfy(request -> assertThat(
                        request.messages().get(0).toString())
                .contains("A RISKY passage."));
    }

    @Test
    void retrievedPassages_ofStream_areNotPartOfTheInstruction() {
        for (boolean remembers : new boolean[] {true, false}) {
            AiServices<StreamingBot> service = AiServices.builder(StreamingBot.class)
                    .streamingChatModel(ScriptedStreamingModel.saying("Fine."))
                    .contentRetriever(PASSAGES)
                    .outputGuardrails(guardrail);
            if (remembers) {
                service.chatMemory(memory);
            }

            Received.of(service.build().chat("What are locks made of?"));

            assertThat(evaluator.lastInstruction()).isEqualTo("What are locks made of?");
        }
    }

    @Test
    void messageRewrittenWithPassages_isNotTheInstruction() {
        ContentInjector rewriting = (contents, message) -> user("A RISKY passage answers this.");
        Bot bot = service(Bot.class, "Fine.")
                .chatMemory(memory)
                .retrievalAugmentor(DefaultRetrievalAugmentor.builder()
                        .contentRetriever(PASSAGES)
                        .contentInjector(rewriting)
                        .build())
                .build();

        bot.chat("What are locks made of?");

        assertThat(evaluator.lastInstruction()).isEqualTo("What are locks made of?");
    }

    @Test
    void template_isRenderedWithItsVariables() {
        for (boolean remembers : new boolean[] {true, false}) {
            AiServices<Translator> service = service(Translator.class, "Oui.");
            if (remembers) {
                service.chatMemory(memory);
            }

            service.build().translate("Yes.", "French");

            assertThat(evaluator.lastInstruction()).isEqualTo("Translate to French: Yes.");
        }
    }

    @Test
    void formatInstructions_areNotPartOfTheInstruction() {
        Classifier classifier =
                service(Classifier.class, "true").chatMemory(memory).build();

        assertThat(classifier.isTrue("Locks have pins.")).isTrue();

        assertThat(memory.messages().get(0).toString()).contains("Locks have pins.");
        assertThat(evaluator.lastInstruction()).isEqualTo("Is this true? Locks have pins.");
    }

    @Test
    void imageBesideText_textIsRead() {
        for (boolean remembers : new boolean[] {true, false}) {
            AiServices<Viewer> service = service(Viewer.class, "A lock.");
            if (remembers) {
                service.chatMemory(memory);
            }

            service.build()
                    .describe(
                            "What is this?",
                            ImageContent.from(Image.builder().url("data:,").build()));

            assertThat(evaluator.lastInstruction()).isEqualTo("What is this?");
        }
    }

    @Test
    void bracesOfTheUser_areText() {
        assertThat(instruction(params(null, "What does {{ do?", Map.of()))).isEqualTo("What does {{ do?");
        assertThat(instruction(params(null, "What is {{x}}?", Map.of()))).isEqualTo("What is {{x}}?");
    }

    @Test
    void suppliedText_comesFirst() {
        GuardrailRequestParams params =
                params(List.of(user("Remembered."), AiMessage.from("Fine.")), "Template.", Map.of());

        SafetyOutputGuardrail told = SafetyOutputGuardrail.builder(SafetyGuard.of(evaluator))
                .userText(request -> "Told.")
                .build();
        told.validate(request(params, "Fine."));

        assertThat(evaluator.lastInstruction()).isEqualTo("Told.");
    }

    @Test
    void memory_comesBeforeTemplate() {
        assertThat(instruction(params(List.of(user("Remembered.")), "Template.", Map.of())))
                .isEqualTo("Remembered.");
        assertThat(instruction(params(List.of(AiMessage.from("Fine.")), "Template.", Map.of())))
                .isEqualTo("Template.");
        assertThat(instruction(params(null, "Template {{n}}.", Map.of("n", 1)))).isEqualTo("Template 1.");
    }

    @Test
    void textBesideTheTemplate_isIncluded() {
        dev.langchain4j.data.message.UserMessage two =
                dev.langchain4j.data.message.UserMessage.from(TextContent.from("One?"), TextContent.from("Two?"));

        assertThat(instruction(params(List.of(two), "One?", Map.of()))).isEqualTo("One?\nTwo?");
    }

    @Test
    void nothingKnown_responseIsCheckedOnItsOwn() {
        assertThat(UserTexts.answered(params(null, "", Map.of()), null)).isEqualTo(Conversation.unknown());
        assertThat(UserTexts.answered(params(List.of(), " ", Map.of()), null)).isEqualTo(Conversation.unknown());
    }

    @Test
    void invocationContext_comesBeforeMemory() {
        GuardrailRequestParams params = GuardrailRequestParams.builder()
                .chatMemory(remembering(List.of(user("Remembered."))))
                .userMessageTemplate("")
                .variables(Map.of())
                .invocationContext(InvocationContext.builder()
                        .userMessage(user("Invoked."))
                        .build())
                .build();

        assertThat(instruction(params)).isEqualTo("Invoked.");
    }

    @Test
    void conversation_holdsOnlyTurns() {
        List<ChatMessage> messages = Arrays.asList(
                SystemMessage.from("A RISKY system."),
                null,
                user("One?"),
                AiMessage.from("One."),
                user("Two?"),
                user("Three?"),
                AiMessage.from(
                        "Let me see.",
                        List.of(ToolExecutionRequest.builder().id("1").name("t").build())),
                ToolExecutionResultMessage.from("1", "t", "A RISKY result."),
                AiMessage.from("Three."),
                dev.langchain4j.data.message.UserMessage.from(
                        TextContent.from("Four?"), ImageContent.from("data:,"), TextContent.from("Or five?")),
                AiMessage.from("Four."));

        Conversation conversation = UserTexts.answered(params(messages, "", Map.of()), null);

        assertThat(conversation)
                .isEqualTo(new Conversation(List.of(
                        new Turn(Role.USER, "One?"),
                        new Turn(Role.ASSISTANT, "One."),
                        new Turn(Role.USER, "Two?"),
                        new Turn(Role.ASSISTANT, ""),
                        new Turn(Role.USER, "Three?"),
                        new Turn(Role.ASSISTANT, "Let me see."),
                        new Turn(Role.ASSISTANT, "Three."),
                        new Turn(Role.USER, "Four?\nOr five?"))));
        assertThat(conversation.instruction()).isEqualTo("Four?\nOr five?");
    }

    @Test
    void memoryThatReturnsNull_isEmpty() {
        assertThat(instruction(paramsOf(remembering(null), "Template.", Map.of())))
                .isEqualTo("Template.");
        assertThat(guardrail
                        .validate(request(paramsOf(remembering(null), "", Map.of()), "BAD"))
                        .isFatal())
                .isTrue();
    }

    @Test
    void suppliedTextThatThrows_blocks() {
        SafetyOutputGuardrail throwing = SafetyOutputGuardrail.builder(SafetyGuard.of(evaluator))
                .userText(request -> {
                    throw new IllegalStateException("scripted failure");
                })
                .build();
        Bot broken = AiServices.builder(Bot.class)
                .chatModel(ScriptedModel.saying("Fine."))
                .outputGuardrails(throwing)
                .build();

        assertThatThrownBy(() -> broken.chat("Hi")).isInstanceOf(OutputGuardrailException.class);
    }

    private String instruction(GuardrailRequestParams params) {
        guardrail.validate(request(params, "Fine."));
        return evaluator.lastInstruction();
    }

    private static dev.langchain4j.data.message.UserMessage user(String text) {
        return dev.langchain4j.data.message.UserMessage.from(text);
    }

    private static GuardrailRequestParams params(
            @Nullable List<ChatMessage> memory, String template, Map<String, Object> variables) {
        return paramsOf(memory == null ? null : remembering(memory), template, variables);
    }

    private static GuardrailRequestParams paramsOf(
            @Nullable ChatMemory memory, String template, Map<String, Object> variables) {
        return GuardrailRequestParams.builder()
                .chatMemory(memory)
                .userMessageTemplate(template)
                .variables(variables)
                .build();
    }

    private static ChatMemory remembering(@Nullable List<ChatMessage> messages) {
        return new ChatMemory() {
            @Override
            public Object id() {
                return "fixed";
            }

            @Override
            public void add(ChatMessage message) {}

            @Override
            public @Nullable List<ChatMessage> messages() {
                return messages;
            }

            @Override
            public void clear() {}
        };
    }

    private static OutputGuardrailRequest request(GuardrailRequestParams params, String answer) {
        return OutputGuardrailRequest.builder()
                .responseFromLLM(
                        ChatResponse.builder().aiMessage(AiMessage.from(answer)).build())
                .chatExecutor(new ChatExecutor() {
                    @Override
                    public ChatResponse execute() {
                        throw new IllegalStateException("not to be asked");
                    }

                    @Override
                    public ChatResponse execute(List<ChatMessage> messages) {
                        return execute();
                    }
                })
                .requestParams(params)
                .build();
    }
}
