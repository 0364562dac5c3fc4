import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.donotanswer.guard.stream.StreamGuard;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/**
 * A model that streams chunks without text for ever, each with 10 kB of something else. Prints how the stream ends, within sixty
 * seconds. With 64 MB of memory it fails if the chunks are kept.
 */
final class EndlessEmptyChunks {
    public static void main(String[] args) {
        AtomicLong chunks = new AtomicLong();
        ChatModel model = new ChatModel() {
            @Override
            public ChatResponse call(Prompt prompt) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Flux<ChatResponse> stream(Prompt prompt) {
                return Flux.generate(sink -> {
                    chunks.incrementAndGet();
                    sink.next(new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                            .content("")
                            .properties(Map.of("padding", new byte[10_000]))
                            .build()))));
                });
            }
        };
        StreamGuard guard = StreamGuard.builder()
                .guard(SafetyGuard.of(new WordEvaluator()))
                .idleTimeout(Duration.ofMillis(400))
                .build();
        String shown;
        try {
            shown = ChatClient.builder(model)
                    .defaultAdvisors(SafetyAdvisor.of(guard))
                    .build()
                    .prompt("How?")
                    .stream()
                    .content()
                    .reduce("", String::concat)
                    .block(Duration.ofSeconds(60));
        } catch (RuntimeException e) {
            shown = e.getClass().getSimpleName();
        }
        boolean enough = chunks.get() > 20_000;
        System.out.println("ended with " + shown + (enough ? "" : "; too few chunks to tell: " + chunks));
        System.exit(0);
    }
}
