package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.ManualTime;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import reactor.core.publisher.Flux;

/** Streams of chunks without text, which need not end. */
class EndlessChunksTest {
    private static final ChatResponse NOTHING = new ChatResponse(List.of());
    private static final ChatResponse USAGE = new ChatResponse(
            List.of(),
            ScriptedSpringModel.metadata().usage(new DefaultUsage(7, 11)).build());
    private static final ChatResponse TOOL_CALL = new ChatResponse(List.of(new Generation(AssistantMessage.builder()
            .content("")
            .toolCalls(List.of(new ToolCall("1", "function", "weather", "")))
            .build())));

    static Stream<Arguments> nothings() {
        return Stream.of(
                Arguments.of("nothing", List.of(NOTHING)),
                Arguments.of("no text", List.of(ScriptedSpringModel.chunk(""))),
                Arguments.of("white space", List.of(ScriptedSpringModel.chunk(" \n"))),
                Arguments.of("usage", List.of(USAGE)),
                Arguments.of("keep-alive and usage", List.of(NOTHING, USAGE, ScriptedSpringModel.chunk(""))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nothings")
    void stream_chunksWithoutTextForEver_isBlockedByTheIdleRule(String name, List<ChatResponse> chunks) {
        ManualTime time = new ManualTime();
        SafetyGuard guard = SafetyGuard.of(new KeywordEvaluator());
        StreamGuard streams = time.rule(StreamGuard.builder().guard(guard).idleTimeout(Duration.ofSeconds(100)))
                .build();
        AtomicLong sent = new AtomicLong();
        Flux<ChatResponse> endless = Flux.generate(sink -> {
            // Far more than are kept, in ten idle timeouts.
            time.advance(Duration.ofMillis(200));
            sink.next(chunks.get((int) (sent.getAndIncrement() % chunks.size())));
        });
        ScriptedSpringModel model = new ScriptedSpringModel().stream(endless);
        List<ChatClientResponse> shown = Streams.ask(model, SafetyAdvisor.of(streams));
        assertThat(Streams.verdict(shown).reason()).isEqualTo(Reason.IDLE_TIMEOUT);
        assertThat(Streams.text(shown).strip()).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(sent.get()).isBetween(5_000L, 7_000L);
        assertThat(model.cancelled).hasValue(1);
    }

    private static ChatClientResponse chunk(ChatResponse response) {
        return new ChatClientResponse(response, Map.of());
    }

    @Test
    void add_manyChunksWithoutText_keepsAFewAndTheNewest() {
        for (boolean textBefore : new boolean[] {false, true}) {
            ChunkQueue queue = new ChunkQueue(Map.of());
            if (textBefore) {
                queue.add(chunk(ScriptedSpringModel.chunk("Tea")));
            }
            for (int i = 0; i < 100_000; i++) {
                queue.add(chunk(NOTHING));
                queue.add(chunk(USAGE));
                queue.add(chunk(ScriptedSpringModel.chunk("")));
            }
            List<ChatClientResponse> left = new ArrayList<>(queue.release(textBefore ? 3 : 0));
            left.addAll(queue.finish(SafetyGuard.of(new KeywordEvaluator()).check("How?", "Tea")));
            assertThat(left.size()).isBetween(1_000, 1_002);
            assertThat(left.get(left.size() - 1).chatResponse()).isSameAs(USAGE);
        }
    }

    @Test
    void add_manyToolCalls_isRefused() {
        ChunkQueue queue = new ChunkQueue(Map.of());
        for (int i = 0; i < 2_000; i++) {
            queue.add(chunk(TOOL_CALL));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> queue.add(chunk(TOOL_CALL)))
                .withMessage(
                        "stream must have text after at most 2000 chunks that call tools, bring media or end it, but"
                                + " had more");
    }

    @Test
    void stream_oneGiantChunk_isCutOffAtTheMaximum() {
        StreamGuard streams = StreamGuard.builder()
                .guard(SafetyGuard.of(new KeywordEvaluator()))
                .maxCharacters(10_000)
                .build();
        ScriptedSpringModel model = new ScriptedSpringModel().response("Tea. ".repeat(1_000_000));
        List<ChatClientResponse> shown = Streams.ask(model, SafetyAdvisor.of(streams));
        assertThat(Streams.verdict(shown).reason()).isEqualTo(Reason.TOO_LONG);
        assertThat(Streams.text(shown).length()).isLessThan(10_100);
    }

    @Test
    void stream_textWithoutFinishReason_endsWithAChunkOfTheSameForm() {
        ScriptedSpringModel model = new ScriptedSpringModel().responses(List.of(ScriptedSpringModel.chunk("Tea.")));
        List<ChatClientResponse> shown = Streams.ask(model, SafetyAdvisor.of(SafetyGuard.of(new KeywordEvaluator())));
        assertThat(shown).hasSize(2).allSatisfy(each -> {
            assertThat(each.chatResponse().getResult().getOutput().getText()).isNotNull();
            assertThat(each.chatResponse().getMetadata().getId()).isEqualTo("answer-1");
            assertThat(each.chatResponse().getMetadata().getModel()).isEqualTo("scripted");
        });
    }

    @Test
    void stream_splitChunks_repeatIdRoleAndIndex() {
        AssistantMessage message = AssistantMessage.builder()
                .content(Streams.HARMLESS)
                .properties(Map.of("id", "m-1", "role", "ASSISTANT", "index", 0, "reasoningContent", "hm"))
                .build();
        ScriptedSpringModel model = new ScriptedSpringModel()
                .responses(List.of(
                        new ChatResponse(
                                List.of(new Generation(message)),
                                ScriptedSpringModel.metadata().build()),
                        ScriptedSpringModel.last()));
        List<ChatClientResponse> shown =
                Streams.ask(model, SafetyAdvisor.of(Streams.small(SafetyGuard.of(new KeywordEvaluator()))));
        assertThat(shown).hasSizeGreaterThan(3);
        List<Map<String, Object>> properties = shown.subList(0, shown.size() - 1).stream()
                .map(each -> each.chatResponse().getResult().getOutput().getMetadata())
                .toList();
        assertThat(properties).allSatisfy(each -> assertThat(each)
                .containsEntry("id", "m-1")
                .containsEntry("role", "ASSISTANT")
                .containsEntry("index", 0));
        assertThat(properties.stream().filter(each -> each.containsKey("reasoningContent")))
                .hasSize(1);
        assertThat(Streams.text(shown)).isEqualTo(Streams.HARMLESS);
    }
}
