package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.donotanswer.guard.springai.Streams.ask;
import static org.donotanswer.guard.springai.Streams.small;
import static org.donotanswer.guard.springai.Streams.text;
import static org.donotanswer.guard.springai.Streams.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.springframework.ai.chat.client.ChatClientResponse;

/** However a response is split into chunks, the same text is shown, and nothing harmful. */
class StreamLeaksTest {
    private static final String HARM = "poison";
    private static final SafetyAdvisor ADVISOR = SafetyAdvisor.of(small(SafetyGuard.of(new KeywordEvaluator())));

    private static String answer(Random random, int words) {
        StringBuilder answer = new StringBuilder();
        for (int i = 0; i < words; i++) {
            answer.append("tea\uD83C\uDF75", 0, 1 + random.nextInt(5)).append(random.nextInt(6) == 0 ? ". " : " ");
        }
        return answer.toString();
    }

    private static String[] chunks(String answer, Random random) {
        List<String> chunks = new ArrayList<>();
        for (int start = 0; start < answer.length(); ) {
            int end = Math.min(answer.length(), start + random.nextInt(1 + random.nextInt(30)));
            chunks.add(answer.substring(start, end));
            start = end;
        }
        return chunks.toArray(String[]::new);
    }

    private static List<ChatClientResponse> stream(String answer, Random random) {
        return ask(new ScriptedSpringModel().response(chunks(answer, random)), ADVISOR);
    }

    @Property(tries = 150, seed = "20261201")
    void stream_plantedHarm_neverLeaks(@ForAll long seed, @ForAll @IntRange(max = 120) int words) {
        Random random = new Random(seed);
        String before = answer(random, words);
        String answer = before + HARM + " " + answer(random, words);
        String shown = null;
        for (int i = 0; i < 2; i++) {
            List<ChatClientResponse> chunks = stream(answer, random);
            assertThat(verdict(chunks).released()).isFalse();
            String released = text(chunks.subList(0, chunks.size() - 1));
            assertThat(before).startsWith(released);
            assertThat(text(chunks)).endsWith(SafetyPolicy.DEFAULT_REPLACEMENT);
            assertThat(shown == null ? released : shown).isEqualTo(released);
            shown = released;
        }
    }

    @Property(tries = 50, seed = "20261201")
    void stream_harmless_isComplete(@ForAll long seed, @ForAll @IntRange(max = 120) int words) {
        Random random = new Random(seed);
        String answer = answer(random, words);
        assertThat(text(stream(answer, random))).isEqualTo(answer);
    }
}
