package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** For any chunks and any release steps, exactly the released text leaves, in order. */
class ChunkQueueTest {
    private static final Verdict PASSED = SafetyGuard.of(new KeywordEvaluator()).check(Conversation.unknown(), "Tea.");

    /** A chunk of up to two generations, named in its metadata. */
    private static ChatClientResponse chunk(int number, Random random) {
        List<Generation> generations = new ArrayList<>();
        int size = random.nextInt(4) == 0 ? random.nextInt(3) : 1;
        for (int i = 0; i < size; i++) {
            String text = random.nextInt(3) == 0
                    ? ""
                    : IntStream.range(0, 1 + random.nextInt(9))
                            .mapToObj(c -> String.valueOf((char) ('a' + random.nextInt(26))))
                            .reduce("", String::concat);
            generations.add(new Generation(AssistantMessage.builder()
                    .content(text)
                    .properties(Map.of("number", number, "index", 0))
                    .build()));
        }
        return new ChatClientResponse(
                new ChatResponse(
                        generations,
                        ScriptedSpringModel.metadata()
                                .keyValue("number", number)
                                .build()),
                Map.of());
    }

    private static String text(List<ChatClientResponse> chunks) {
        StringBuilder text = new StringBuilder();
        for (ChatClientResponse chunk : chunks) {
            for (Generation generation : chunk.chatResponse().getResults()) {
                text.append(generation.getOutput().getText());
            }
        }
        return text.toString();
    }

    private static List<Integer> numbers(List<ChatClientResponse> chunks) {
        return chunks.stream()
                .map(chunk -> (Integer) chunk.chatResponse().getMetadata().get("number"))
                .filter(Objects::nonNull)
                .toList();
    }

    @Property(tries = 2000, seed = "20261201")
    void release_anyChunksAndSteps_isInOrderAndOnce(@ForAll long seed, @ForAll @IntRange(max = 30) int count) {
        Random random = new Random(seed);
        ChunkQueue queue = new ChunkQueue(Map.of());
        StringBuilder added = new StringBuilder();
        List<ChatClientResponse> left = new ArrayList<>();
        int released = 0;
        for (int i = 0; i < count; i++) {
            added.append(queue.add(chunk(i, random)));
            if (random.nextBoolean()) {
                int step = random.nextInt(added.length() - released + 1);
                left.addAll(queue.release(step));
                released += step;
                assertThat(text(left)).isEqualTo(added.substring(0, released));
            }
        }
        left.addAll(queue.release(added.length() - released));
        left.addAll(queue.finish(PASSED));
        assertThat(text(left)).isEqualTo(added.toString());
        assertThat(numbers(left)).isEqualTo(IntStream.range(0, count).boxed().toList());
        assertThat(left.get(left.size() - 1).context()).containsEntry(SafetyAdvisor.VERDICT, PASSED);
    }

    @Property(tries = 500, seed = "20261201")
    void replace_anyTime_releasesNothingElse(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int count) {
        Random random = new Random(seed);
        ChunkQueue queue = new ChunkQueue(Map.of());
        StringBuilder added = new StringBuilder();
        for (int i = 0; i < count; i++) {
            added.append(queue.add(chunk(i, random)));
        }
        int step = random.nextInt(added.length() + 1);
        List<ChatClientResponse> left = new ArrayList<>(queue.release(step));
        left.add(queue.replace(PASSED, "Sorry."));
        assertThat(text(left)).isEqualTo(added.substring(0, step) + (step == 0 ? "" : "\n\n") + "Sorry.");
    }

    @Test
    void finish_emptyChunks_passesThemOn() {
        ChunkQueue queue = new ChunkQueue(Map.of("of", "request"));
        ChatClientResponse nothing = new ChatClientResponse(null, Map.of());
        ChatClientResponse noMessage =
                new ChatClientResponse(new ChatResponse(List.of(new Generation(null, null)), null), Map.of());
        assertThat(queue.add(nothing)).isEmpty();
        assertThat(queue.add(noMessage)).isEmpty();
        List<ChatClientResponse> left = queue.finish(PASSED);
        assertThat(left).hasSize(2);
        assertThat(left.get(0)).isSameAs(nothing);
        assertThat(left.get(1).chatResponse()).isSameAs(noMessage.chatResponse());
    }

    @Test
    void replace_noChunks_hasTheContextOfTheRequest() {
        ChatClientResponse replaced = new ChunkQueue(Map.of("of", "request")).replace(PASSED, "Sorry.");
        assertThat(replaced.context()).containsEntry("of", "request").containsEntry(SafetyAdvisor.VERDICT, PASSED);
        assertThat(replaced.chatResponse().getResult().getOutput().getText()).isEqualTo("Sorry.");
    }
}
