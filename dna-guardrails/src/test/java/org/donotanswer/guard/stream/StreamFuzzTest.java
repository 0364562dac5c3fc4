package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.Seeds;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict.Window;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams of any text, half surrogates included, in tokens of any length: the first bytes give the sizes, the others chars. */
final class StreamFuzzTest implements FuzzTests {
    private static final int SIZES = 5;
    private static final SafetyGuard GUARD =
            SafetyGuard.builder().evaluator(new MarkerEvaluator("bomb")).build();

    static Stream<byte[]> responses() {
        return Stream.concat(
                Seeds.texts("\2\5\3\2\0One. Two (three). A bomb? Four...", "\1\2\0\0\3No. Yes.\n\nNo"),
                Stream.of("\u0801\u0203\u0000a\uD83D\uDE00. \uD83D\u2026 \uDE00b\uD83D"
                        .getBytes(StandardCharsets.UTF_16BE)));
    }

    /** A case that data describes. */
    private record Case(WindowSizes sizes, String text, List<String> tokens) {
        static Case of(byte[] data) {
            int minimum = 1 + (data[0] & 0x0f);
            WindowSizes sizes =
                    new WindowSizes(minimum, Math.max(2, minimum + (data[1] & 0x1f)), data[2] & 0x0f, data[3] & 0x0f);
            // Chars of 16 bits reach surrogates, and those of 8 bits sentences.
            boolean wide = (data[4] & 1) == 1;
            StringBuilder text = new StringBuilder();
            for (int i = SIZES; i + (wide ? 1 : 0) < data.length; i += wide ? 2 : 1) {
                text.append((char) (wide ? (data[i] & 0xff) << 8 | (data[i + 1] & 0xff) : data[i] & 0xff));
            }
            List<String> tokens = new ArrayList<>();
            int step = 1 + ((data[4] & 0xff) >> 1) % 7;
            for (int start = 0; start < text.length(); start += step) {
                tokens.add(text.substring(start, Math.min(text.length(), start + step)));
            }
            return new Case(sizes, text.toString(), tokens);
        }
    }

    @MethodSource("responses")
    @FuzzTest
    void windows(byte[] data) {
        if (data.length > SIZES) {
            Case streamed = Case.of(data);
            List<Window> byToken = windows(streamed.sizes(), streamed.tokens());

            assertThat(byToken).isEqualTo(windows(streamed.sizes(), List.of(streamed.text())));
            byToken.forEach(window -> assertThat(window.end() - window.start()).isPositive());
        }
    }

    private static List<Window> windows(WindowSizes sizes, List<String> tokens) {
        WindowBuffer buffer = new WindowBuffer(sizes);
        List<Window> windows = new ArrayList<>();
        for (String token : tokens) {
            buffer.append(token);
            for (Window window = buffer.next(); window != null; window = buffer.next()) {
                assertThat(buffer.head(window)).isNotNull();
                windows.add(window);
                buffer.pass();
            }
        }
        Window rest = buffer.rest();
        if (rest != null) {
            windows.add(rest);
        }
        return windows;
    }

    @MethodSource("responses")
    @FuzzTest
    void released(byte[] data) {
        if (data.length > SIZES) {
            Case streamed = Case.of(data);
            StreamGuard streams = StreamGuard.builder()
                    .guard(GUARD)
                    .minimumStep(streamed.sizes().minimumStep())
                    .maximumStep(streamed.sizes().maximumStep())
                    .overlap(streamed.sizes().overlap())
                    .head(streamed.sizes().head())
                    .idleTimeout(Duration.ZERO)
                    .build();
            StreamForm.Outcome outcome = StreamForm.CALLBACK.run(streams, streamed.tokens(), List.of(1));

            assertThat(streamed.text()).startsWith(outcome.text());
            if (streamed.text().contains("bomb")) {
                assertThat(outcome.end()).startsWith("blocked");
            } else if (outcome.end().startsWith("finished")) {
                assertThat(outcome.text()).isEqualTo(streamed.text());
            }
        }
    }
}
