package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes responses that hold less than a model's. */
final class Responses {
    private static final Optional<Method> THINKING = Newer.method(AiMessage.class, "thinking");
    private static final Optional<Method> ATTRIBUTES = Newer.method(AiMessage.class, "attributes");
    private static final Optional<Method> BUILDER_ATTRIBUTES =
            Newer.method(AiMessage.Builder.class, "attributes", Map.class);

    private Responses() {}

    /** Returns the model's thoughts, where the release at hand has them and the model told them; else null. */
    static @Nullable String thinking(AiMessage message) {
        return (String) THINKING.map(method -> Newer.call(method, message)).orElse(null);
    }

    /** Returns the response without the model's thoughts, and without what a provider kept of the raw response. */
    static ChatResponse withoutThinking(ChatResponse response) {
        AiMessage message = response.aiMessage();
        AiMessage.Builder builder =
                AiMessage.builder().text(message.text()).toolExecutionRequests(message.toolExecutionRequests());
        if (ATTRIBUTES.isPresent() && BUILDER_ATTRIBUTES.isPresent()) {
            Newer.call(BUILDER_ATTRIBUTES.get(), builder, Newer.call(ATTRIBUTES.get(), message));
        }
        return ChatResponse.builder()
                .aiMessage(builder.build())
                .metadata(plain(response.metadata()).build())
                .build();
    }

    /**
     * Returns a response with another text and nothing else of what the model said.
     *
     * @param blocked the model's response; null if it was not waited for
     */
    static ChatResponse replaced(String replacement, @Nullable ChatResponse blocked) {
        ChatResponseMetadata.Builder<?> metadata =
                blocked == null ? ChatResponseMetadata.builder() : plain(blocked.metadata());
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(replacement))
                .metadata(metadata.finishReason(FinishReason.CONTENT_FILTER).build())
                .build();
    }

    /** Copies what all providers tell: what some add may be the raw response. */
    private static ChatResponseMetadata.Builder<?> plain(ChatResponseMetadata metadata) {
        ChatResponseMetadata.Builder<?> builder = ChatResponseMetadata.builder();
        builder.id(metadata.id());
        builder.modelName(metadata.modelName());
        builder.tokenUsage(metadata.tokenUsage());
        builder.finishReason(metadata.finishReason());
        return builder;
    }
}
