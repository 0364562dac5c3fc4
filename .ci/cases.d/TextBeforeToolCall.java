import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.langchain4j.GuardedChatModel;
import org.donotanswer.guard.langchain4j.GuardedStreamingChatModel;

/** Texts of a file of exchanges, each beside a tool call. Prints how many texts, and calls, come through a guarded model. */
final class TextBeforeToolCall {
    private static final List<ToolExecutionRequest> CALLS = List.of(ToolExecutionRequest.builder()
            .id("1")
            .name("search")
            .arguments("{}")
            .build());

    public static void main(String[] args) throws Exception {
        SafetyGuard guard = SafetyGuard.create();
        int texts = 0;
        int released = 0;
        int streamed = 0;
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            JsonNode exchange = new ObjectMapper().readTree(line);
            String text = exchange.get("response").textValue();
            ChatRequest request = ChatRequest.builder()
                    .messages(UserMessage.from(exchange.get("instruction").textValue()))
                    .build();
            AiMessage message = AiMessage.from(text, CALLS);
            texts++;
            if (passed(GuardedChatModel.of(Script.responding(message), guard).chat(request), text)) {
                released++;
            }
            if (passed(stream(guard, message, request), text)) {
                streamed++;
            }
        }
        System.out.println(texts + " texts, " + released + " released, " + streamed + " streamed");
        System.exit(0);
    }

    private static boolean passed(ChatResponse response, String text) {
        return text.equals(response.aiMessage().text())
                && CALLS.equals(response.aiMessage().toolExecutionRequests());
    }

    private static ChatResponse stream(SafetyGuard guard, AiMessage message, ChatRequest request) throws Exception {
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest ignored, StreamingChatResponseHandler handler) {
                handler.onPartialResponse(message.text());
                handler.onCompleteResponse(
                        ChatResponse.builder().aiMessage(message).build());
            }
        };
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        GuardedStreamingChatModel.of(model, guard).chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {}

            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                end.completeExceptionally(error);
            }
        });
        return end.get();
    }
}
