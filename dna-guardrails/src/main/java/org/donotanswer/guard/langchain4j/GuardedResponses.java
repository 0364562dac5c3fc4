package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import org.jspecify.annotations.Nullable;

/** Creates responses that leave out part of a model's response. */
final class GuardedResponses {
    private GuardedResponses() {}

    /**
     * Returns a model's response.
     *
     * @throws IllegalStateException if it is missing, or its message is
     */
    static ChatResponse present(@Nullable ChatResponse response) {
        if (response == null) {
            throw new IllegalStateException("response of the model must be present, but was null");
        }
        if (response.aiMessage() == null) {
            throw new IllegalStateException("response of the model must have a message, but had none");
        }
        return response;
    }

    /** Returns the response without the model's thoughts and without a provider's own metadata, which may hold them. */
    static ChatResponse withoutThinking(ChatResponse response) {
        return ChatResponse.builder()
                .aiMessage(response.aiMessage().toBuilder().thinking(null).build())
                .metadata(plain(response.metadata()).build())
                .build();
    }

    /**
     * Returns a response with the replacement and none of the model's content.
     *
     * @param blocked the model's response; null if it was cut off
     */
    static ChatResponse replaced(String replacement, @Nullable ChatResponse blocked) {
        ChatResponseMetadata.Builder<?> metadata = blocked == null || blocked.metadata() == null
                ? ChatResponseMetadata.builder()
                : plain(blocked.metadata());
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(replacement))
                .metadata(metadata.finishReason(FinishReason.CONTENT_FILTER).build())
                .build();
    }

    /** Copies the metadata that all providers have: a provider's own may include the raw response. */
    private static ChatResponseMetadata.Builder<?> plain(ChatResponseMetadata metadata) {
        ChatResponseMetadata.Builder<?> builder = ChatResponseMetadata.builder();
        builder.id(metadata.id());
        builder.modelName(metadata.modelName());
        builder.tokenUsage(metadata.tokenUsage());
        builder.finishReason(metadata.finishReason());
        return builder;
    }
}
