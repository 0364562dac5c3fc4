package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Returns scripted responses, repeating the last one, and records the requests. */
final class ScriptedModel implements ChatModel {
    final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private final Function<ChatRequest, AiMessage> answers;

    /** Responds depending on the request. */
    ScriptedModel(Function<ChatRequest, AiMessage> answers) {
        this.answers = answers;
    }

    ScriptedModel(AiMessage... answers) {
        Deque<AiMessage> left = new ConcurrentLinkedDeque<>(Arrays.asList(answers));
        this.answers = request -> left.size() > 1 ? left.removeFirst() : left.getFirst();
    }

    static ScriptedModel saying(String... answers) {
        return new ScriptedModel(Arrays.stream(answers).map(AiMessage::from).toArray(AiMessage[]::new));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        requests.add(request);
        return response(answers.apply(request));
    }

    static ChatResponse response(AiMessage answer) {
        return ChatResponse.builder()
                .aiMessage(answer)
                .id("id-1")
                .modelName("scripted")
                .tokenUsage(new TokenUsage(3, 5))
                .finishReason(answer.hasToolExecutionRequests() ? FinishReason.TOOL_EXECUTION : FinishReason.STOP)
                .build();
    }
}
