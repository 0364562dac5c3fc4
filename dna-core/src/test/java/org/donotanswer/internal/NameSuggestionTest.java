package org.donotanswer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameSuggestionTest {
    private static final List<String> KNOWN = List.of("block", "review", "fail-mode");

    @Test
    void suggestion_nearMiss_isTheNearest() {
        assertThat(NameSuggestion.suggestion("blok", KNOWN)).isEqualTo(" (did you mean 'block'?)");
        assertThat(NameSuggestion.suggestion("bolck", List.of("black", "block")))
                .isEqualTo(" (did you mean 'block'?)");
        assertThat(NameSuggestion.suggestion("FAIL_MODE", KNOWN)).isEqualTo(" (did you mean 'fail-mode'?)");
        assertThat(NameSuggestion.suggestion("--reveiw", KNOWN)).isEqualTo(" (did you mean 'review'?)");
    }

    @Test
    void suggestion_nothingSimilar_isEmpty() {
        assertThat(NameSuggestion.suggestion("threshold", KNOWN)).isEmpty();
        assertThat(NameSuggestion.suggestion("block".repeat(9), KNOWN)).isEmpty();
        assertThat(NameSuggestion.suggestion("block", List.of())).isEmpty();
    }
}
