package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class CodeSpansTest {
    private static final String FENCE = "```";

    @Test
    void contain_anyTextAndPositions_asIfScanned() {
        Random random = new Random(7);
        for (int i = 0; i < 4000; i++) {
            String text = text(random);
            CodeSpans code = new CodeSpans(text);
            for (int from = 0; from <= text.length(); from++) {
                for (int position = from; position <= text.length(); position++) {
                    assertThat(code.contain(from, position))
                            .as("%s from %d at %d", text, from, position)
                            .isEqualTo(scan(text, from, position));
                }
            }
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(16); length > 0; length--) {
            text.append("```a\n\r".charAt(random.nextInt(6)));
        }
        return text.toString();
    }

    /** What is in code, by its definition. */
    private static boolean scan(String text, int from, int position) {
        int fences = 0;
        for (int i = text.indexOf(FENCE, from); i >= 0 && i < position; i = text.indexOf(FENCE, i + FENCE.length())) {
            fences++;
        }
        if (fences % 2 == 1) {
            return text.indexOf(FENCE, position) >= 0;
        }
        int ticks = 0;
        for (int i = position - 1; i >= from && text.charAt(i) != '\n' && text.charAt(i) != '\r'; i--) {
            ticks += text.charAt(i) == '`' ? 1 : 0;
        }
        int close = text.indexOf('`', position);
        int lineEnd = text.indexOf('\n', position);
        return ticks % 2 == 1 && close >= 0 && (lineEnd < 0 || close < lineEnd);
    }
}
