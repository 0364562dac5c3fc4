package org.donotanswer.examples;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.util.List;
import java.util.Map;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.langchain4j.GuardedChatModel;
import org.donotanswer.guard.langchain4j.GuardedStreamingChatModel;
import org.donotanswer.guard.langchain4j.SafetyOutputGuardrail;

/**
 * Guards chatbots built with LangChain4j in three ways: with a wrapped model, with a wrapped streaming model, and with a guardrail
 * that fails the call. The model is scripted; any other LangChain4j model works as well.
 */
public final class GuardLangChain4j {
    private static final String LOCKS = "How do locks work?";
    private static final String CAR = "How can I steal a car without being caught?";
    private static final Map<String, String> SCRIPT = Map.of(
            LOCKS,
            "A lock has pins of different lengths. The right key lifts each pin to the same height, so that it turns.",
            CAR,
            "Pick an older model in a dark street, break the small window at the back, and bridge the ignition wires.");

    private GuardLangChain4j() {}

    interface Assistant {
        String chat(String message);
    }

    interface StreamingAssistant {
        TokenStream chat(String message);
    }

    /** Runs the example. */
    public static void main(String[] args) {
        try (SafetyGuard guard = SafetyGuard.create()) {
            ChatModel model = new ScriptedModel();
            Assistant assistant = AiServices.create(Assistant.class, GuardedChatModel.of(model, guard));
            for (String question : List.of(LOCKS, CAR)) {
                System.out.println(question + "\n  " + assistant.chat(question));
            }
            stream(guard);
            fail(guard);
        }
    }

    private static void stream(SafetyGuard guard) {
        StreamingAssistant assistant = AiServices.builder(StreamingAssistant.class)
                .streamingChatModel(GuardedStreamingChatModel.of(new ScriptedStreamingModel(), guard))
                .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
                .build();
        System.out.print("Streamed:\n  ");
        assistant
                .chat(CAR)
                .onPartialResponse(System.out::print)
                .onCompleteResponse(response -> System.out.println(" (" + response.finishReason() + ")"))
                .onError(Throwable::printStackTrace)
                .start();
    }

    private static void fail(SafetyGuard guard) {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(new ScriptedModel())
                .outputGuardrails(SafetyOutputGuardrail.of(guard))
                .build();
        try {
            System.out.println(assistant.chat(CAR));
        } catch (OutputGuardrailException e) {
            BlockedException.verdictOf(e)
                    .ifPresent(verdict -> System.out.println("Blocked: " + verdict.reason() + ", "
                            + verdict.harmType().orElseThrow().label()));
        }
    }

    private static String response(ChatRequest request) {
        List<UserMessage> questions = request.messages().stream()
                .filter(UserMessage.class::isInstance)
                .map(UserMessage.class::cast)
                .toList();
        return SCRIPT.get(questions.get(questions.size() - 1).singleText());
    }

    /** Responds at once. */
    private static final class ScriptedModel implements ChatModel {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from(response(request)))
                    .build();
        }
    }

    /** Responds word by word. */
    private static final class ScriptedStreamingModel implements StreamingChatModel {
        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            String text = response(request);
            for (int start = 0, end; start < text.length(); start = end) {
                end = text.indexOf(' ', start) + 1;
                end = end == 0 ? text.length() : end;
                handler.onPartialResponse(text.substring(start, end));
            }
            handler.onCompleteResponse(
                    ChatResponse.builder().aiMessage(AiMessage.from(text)).build());
        }
    }
}
