import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** A client with the safety advisor twice. Prints the verdicts of a blocked response, and how often it is checked more than with one. */
final class TwoAdvisors {
    private static final ChatModel MODEL = new ChatModel() {
        @Override
        public ChatResponse call(Prompt prompt) {
            return new ChatResponse(List.of(new Generation(new AssistantMessage("BAD advice"))));
        }

        @Override
        public Flux<ChatResponse> stream(Prompt prompt) {
            return Flux.just(call(prompt));
        }
    };

    public static void main(String[] args) {
        AtomicInteger checks = new AtomicInteger();
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(new WordEvaluator())
                .listener((verdict, instruction, text) -> checks.incrementAndGet())
                .build();
        String one = outcome(ChatClient.builder(MODEL).defaultAdvisors(SafetyAdvisor.of(guard)));
        int once = checks.getAndSet(0);
        String two = outcome(ChatClient.builder(MODEL).defaultAdvisors(SafetyAdvisor.of(guard), SafetyAdvisor.of(guard)));
        System.out.println("one: " + one + "; two: " + two + "; further checks: " + (checks.get() - once));
        System.exit(0);
    }

    private static String outcome(ChatClient.Builder builder) {
        ChatClient client = builder.build();
        ChatClientResponse called = client.prompt("How?").call().chatClientResponse();
        ChatClientResponse streamed =
                client.prompt("How?").stream().chatClientResponse().blockLast();
        return verdict(called) + " " + verdict(streamed);
    }

    private static String verdict(ChatClientResponse response) {
        return ((Verdict) response.context().get(SafetyAdvisor.VERDICT)).outcome().name();
    }
}
