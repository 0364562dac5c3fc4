package org.donotanswer.bench.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputArgumentTest {
    @ParameterizedTest
    @CsvSource({
        "'C:\\logs\\2026-*\\a.jsonl', '\\', 'C:\\logs\\'",
        "'C:/logs/2026-*', '\\', 'C:/logs/'",
        "'a\\b*', '/', ''",
        "'/*.jsonl', '/', '/'",
        "'logs/**.gz', '/', 'logs/'"
    })
    void baseLength_ofPattern_endsBeforeTheFirstPartWithAPattern(String pattern, char separator, String base) {
        assertThat(InputArgument.baseLength(pattern, separator)).isEqualTo(base.length());
    }
}
