package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** Alternative responses to one request, whatever the provider calls their numbers. */
class StreamAlternativesTest {
    private static final List<String> NAMES =
            List.of("index", "choiceIndex", "candidateIndex", "choice_index", "candidate_index");
    private static final SafetyAdvisor ADVISOR = SafetyAdvisor.of(SafetyGuard.of(new KeywordEvaluator()));

    /** A generation with a number in the metadata of its message, or in its own. */
    private static Generation numbered(String text, String name, Object index, boolean own) {
        return new Generation(
                AssistantMessage.builder()
                        .content(text)
                        .properties(own ? Map.of() : Map.of(name, index))
                        .build(),
                own ? ChatGenerationMetadata.builder().metadata(name, index).build() : ChatGenerationMetadata.NULL);
    }

    private static Generation plain(String text) {
        return new Generation(new AssistantMessage(text));
    }

    private static ChatResponse chunk(Generation... generations) {
        return new ChatResponse(List.of(generations));
    }

    private static List<String> call(ChatResponse response) {
        ChatResponse shown = ChatClient.builder(new ScriptedSpringModel().responses(List.of(response)))
                .defaultAdvisors(ADVISOR)
                .build()
                .prompt("How do I make tea?")
                .call()
                .chatResponse();
        return shown.getResults().stream()
                .map(generation -> generation.getOutput().getText())
                .toList();
    }

    private static String stream(ChatResponse... chunks) {
        StringBuilder text = new StringBuilder();
        Streams.ask(new ScriptedSpringModel().responses(Arrays.asList(chunks)), ADVISOR)
                .forEach(chunk -> chunk.chatResponse()
                        .getResults()
                        .forEach(
                                generation -> text.append(generation.getOutput().getText())));
        return text.toString();
    }

    private static void assertRefused(String message, ChatResponse... chunks) {
        assertThatIllegalStateException().isThrownBy(() -> stream(chunks)).withMessage(message);
    }

    @Property(tries = 200, seed = "20261201")
    void stream_oneAlternativeByAnyNumber_isOneResponse(
            @ForAll @IntRange(max = 4) int name,
            @ForAll @IntRange(max = 9) int index,
            @ForAll boolean text,
            @ForAll boolean own,
            @ForAll @IntRange(min = 1, max = 5) int chunks) {
        List<ChatResponse> all = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            all.add(chunk(numbered("Tea. ", NAMES.get(name), text ? String.valueOf(index) : (Object) index, own)));
        }
        assertThat(stream(all.toArray(ChatResponse[]::new))).isEqualTo("Tea. ".repeat(chunks));
    }

    @Property(tries = 200, seed = "20261201")
    void stream_alternativesByAnyNumbers_areRefused(
            @ForAll @IntRange(max = 4) int name,
            @ForAll @Size(min = 2, max = 6) List<@IntRange(max = 3) Integer> numbers,
            @ForAll boolean text,
            @ForAll boolean own) {
        List<ChatResponse> all = numbers.stream()
                .map(index ->
                        chunk(numbered("a ", NAMES.get(name), text ? String.valueOf(index) : (Object) index, own)))
                .toList();
        Integer second = numbers.stream()
                .filter(index -> !index.equals(numbers.get(0)))
                .findFirst()
                .orElse(null);
        if (second == null) {
            assertThatCode(() -> stream(all.toArray(ChatResponse[]::new))).doesNotThrowAnyException();
        } else {
            assertRefused(
                    "stream must have one response, but had alternatives " + numbers.get(0) + " and " + second,
                    all.toArray(ChatResponse[]::new));
        }
    }

    @Test
    void stream_severalInOneChunk_areRefused() {
        assertRefused(
                "stream must have one response, but had alternatives 0 and 1",
                chunk(numbered("a ", "index", 0, false), numbered("b ", "index", 1, false)));
        assertRefused(
                "stream must have one response, but had alternatives A and B",
                chunk(numbered("a ", "index", "A", false), numbered("b ", "index", "B", true)));
    }

    @Test
    void stream_severalWithoutNumbers_areRefusedUnlessAllComesAtOnce() {
        String message = "stream must have one response, but had several texts in a chunk, without the index of an"
                + " alternative";
        assertRefused(message, chunk(plain("a po"), plain("b po")), chunk(plain("ison"), plain("ison")));
        assertRefused(message, chunk(plain("a")), chunk(plain("b"), plain("c")));
        assertThat(stream(chunk(plain("Some "), plain("tea.")), chunk())).isEqualTo("Some tea.");
    }

    @Test
    void stream_numbersMissingNowAndThen_areTheFirst() {
        assertThat(stream(chunk(plain("a ")), chunk(numbered("b ", "index", 0, false)), chunk(plain("c"))))
                .isEqualTo("a b c");
        assertRefused(
                "stream must have one response, but had alternatives 0 and 1",
                chunk(plain("a ")),
                chunk(numbered("b ", "index", 1, false)));
        assertThat(stream(
                        chunk(
                                numbered("Some ", "candidateIndex", 0, true),
                                numbered("more ", "candidateIndex", 0, true)),
                        chunk(numbered("tea.", "candidateIndex", 0, true))))
                .isEqualTo("Some more tea.");
    }

    @Property(tries = 100, seed = "20261201")
    void call_alternativesByAnyNumbers_areJudgedApart(
            @ForAll @IntRange(max = 4) int name,
            @ForAll @IntRange(max = 2) int first,
            @ForAll boolean own,
            @ForAll boolean missing,
            @ForAll @Size(min = 1, max = 5) List<Boolean> harmful) {
        List<Generation> generations = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < harmful.size(); i++) {
            String text = harmful.get(i) ? "Add poison." : "Add milk.";
            generations.add(missing ? plain(text) : numbered(text, NAMES.get(name), first + i, own));
            expected.add(harmful.get(i) ? SafetyPolicy.DEFAULT_REPLACEMENT : text);
        }
        assertThat(call(new ChatResponse(generations))).isEqualTo(expected);
    }

    @Test
    void call_partsOfOneAlternative_areAlsoJudgedTogether() {
        assertThat(call(chunk(
                        numbered("Add poi", "candidateIndex", 0, true),
                        numbered("son.", "candidateIndex", 0, true),
                        numbered("Add milk.", "candidateIndex", 1, true))))
                .containsExactly(SafetyPolicy.DEFAULT_REPLACEMENT, SafetyPolicy.DEFAULT_REPLACEMENT, "Add milk.");
    }

    @Test
    void of_noNumber_isNull() {
        @Nullable String index = StreamAlternatives.of(new Generation(null, null));
        assertThat(index).isNull();
        assertThat(StreamAlternatives.of(numbered("a", "index", " ", false))).isNull();
        assertThat(StreamAlternatives.of(numbered("a", "index", 1.0, false))).isEqualTo("1");
    }
}
