import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.langchain4j.GuardedStreamingChatModel;

/** A streaming model that completes without a response. Prints what the handler hears in the next ten seconds. */
final class NullCompletion {
    public static void main(String[] args) throws InterruptedException {
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                new Thread(() -> {
                            handler.onPartialResponse("With a key, as everybody does.");
                            handler.onCompleteResponse(null);
                        })
                        .start();
            }
        };
        BlockingQueue<String> heard = new ArrayBlockingQueue<>(4);
        GuardedStreamingChatModel.of(model, SafetyGuard.of(new WordEvaluator()))
                .chat(
                        ChatRequest.builder().messages(UserMessage.from("How?")).build(),
                        new StreamingChatResponseHandler() {
                            @Override
                            public void onPartialResponse(String text) {}

                            @Override
                            public void onCompleteResponse(ChatResponse response) {
                                heard.add("complete");
                            }

                            @Override
                            public void onError(Throwable error) {
                                heard.add("error " + error.getClass().getSimpleName());
                            }
                        });
        String end = heard.poll(10, TimeUnit.SECONDS);
        System.out.println(end == null ? "nothing" : end);
        System.exit(0);
    }
}
