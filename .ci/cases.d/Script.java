import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.concurrent.atomic.AtomicInteger;

/** Chat models that respond as they are told, the last response again and again. */
final class Script {
    private Script() {}

    interface Bot {
        String chat(String message);
    }

    static ChatModel saying(String... texts) {
        AiMessage[] messages = new AiMessage[texts.length];
        for (int i = 0; i < texts.length; i++) {
            messages[i] = AiMessage.from(texts[i]);
        }
        return responding(messages);
    }

    static ChatModel responding(AiMessage... messages) {
        AtomicInteger next = new AtomicInteger();
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                int index = Math.min(next.getAndIncrement(), messages.length - 1);
                return ChatResponse.builder().aiMessage(messages[index]).build();
            }
        };
    }
}
