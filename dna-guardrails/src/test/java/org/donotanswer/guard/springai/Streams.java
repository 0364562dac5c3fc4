package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.model.Generation;
import reactor.core.publisher.Flux;

/** Requests streamed responses and collects them. */
final class Streams {
    static final String HARMLESS =
            "First boil the water. Then pour it over the leaves. Wait for two minutes. Enjoy it!";
    static final String TURNING =
            "First boil the water. Then pour it over the leaves. Now add the poison. Serve it hot.";

    private Streams() {}

    /** Windows of about one sentence. */
    static StreamGuard small(SafetyGuard guard) {
        return StreamGuard.builder()
                .guard(guard)
                .minimumStep(10)
                .maximumStep(40)
                .overlap(10)
                .build();
    }

    static List<ChatClientResponse> ask(ScriptedSpringModel model, Advisor... advisors) {
        return Objects.requireNonNull(stream(model, advisors).collectList().block());
    }

    static Flux<ChatClientResponse> stream(ScriptedSpringModel model, Advisor... advisors) {
        return ChatClient.builder(model).defaultAdvisors(advisors).build().prompt("How do I make tea?").stream()
                .chatClientResponse();
    }

    static String text(ChatClientResponse chunk) {
        Generation generation = chunk.chatResponse().getResult();
        return generation == null || generation.getOutput().getText() == null
                ? ""
                : generation.getOutput().getText();
    }

    static String text(List<ChatClientResponse> chunks) {
        return String.join("", chunks.stream().map(Streams::text).toList());
    }

    static ChatClientResponse last(List<ChatClientResponse> chunks) {
        return chunks.get(chunks.size() - 1);
    }

    static Verdict verdict(List<ChatClientResponse> chunks) {
        return (Verdict) last(chunks).context().get(SafetyAdvisor.VERDICT);
    }

    static String[] chars(String text) {
        return text.split("");
    }

    static void assertReplaced(List<ChatClientResponse> chunks, String shown) {
        assertThat(text(chunks)).isEqualTo((shown.isEmpty() ? "" : shown + "\n\n") + SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(last(chunks).chatResponse().getResult().getMetadata().getFinishReason())
                .isEqualTo(SafetyAdvisor.FINISH_REASON);
    }

    static void assertShownInPart(String shown) {
        assertThat(TURNING).startsWith(shown);
        assertThat(shown).startsWith("First boil the water.").doesNotContain("Now add");
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
