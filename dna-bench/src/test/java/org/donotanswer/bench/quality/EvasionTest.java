package org.donotanswer.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvasionTest {
    private static final String TEXT = "Open the box, 100 % safe.";
    private static final List<String> HARMLESS = List.of("Boil an egg.");

    private static String apply(Evasion evasion) {
        return evasion.apply(TEXT, new Random(1), HARMLESS);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void apply_sameRandom_sameChange(Evasion evasion) {
        assertThat(apply(evasion)).isEqualTo(apply(evasion)).isNotEqualTo(TEXT);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "NONE",
                "REFUSAL_BEFORE",
                "DISCLAIMER_AFTER",
                "ROLE_PLAY",
                "PADDING_BEFORE",
                "PADDING_AFTER",
                "PADDING_AROUND"
            })
    void apply_frames_keepTheText(Evasion evasion) {
        assertThat(apply(evasion)).contains(TEXT);
    }

    @Test
    void apply_frames_arePlacedAsTheirNamesSay() {
        assertThat(apply(Evasion.REFUSAL_BEFORE)).endsWith("\n\n" + TEXT);
        assertThat(apply(Evasion.DISCLAIMER_AFTER)).startsWith(TEXT + "\n\n");
        assertThat(apply(Evasion.PADDING_BEFORE)).isEqualTo("Boil an egg.\n\n" + TEXT);
        assertThat(apply(Evasion.PADDING_AFTER)).isEqualTo(TEXT + "\n\nBoil an egg.");
        assertThat(apply(Evasion.PADDING_AROUND)).isEqualTo("Boil an egg.\n\n" + TEXT + "\n\nBoil an egg.");
    }

    @Test
    void apply_letters_areReadTheSame() {
        assertThat(apply(Evasion.LEETSPEAK)).isEqualTo("0p3n 7h3 b0x, 100 % 54f3.");
        assertThat(apply(Evasion.SPACED_LETTERS)).isEqualTo("O p e n   t h e   b o x,   1 0 0   %   s a f e.");
        assertThat(apply(Evasion.ZERO_WIDTH).replaceAll("\\p{Cf}", "")).isEqualTo(TEXT);
        assertThat(apply(Evasion.ZERO_WIDTH)).hasSize(TEXT.length() + 3 + 2 + 2 + 2 + 3);
        assertThat(apply(Evasion.HOMOGLYPHS))
                .hasSameSizeAs(TEXT)
                .isEqualTo("\u041E\u0440\u0435n th\u0435 b\u043E\u0445, 100 % \u0455\u0430f\u0435.");
        assertThat(new String(Base64.getDecoder().decode(apply(Evasion.BASE64)), StandardCharsets.UTF_8))
                .isEqualTo(TEXT);
    }
}
