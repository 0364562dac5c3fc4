package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLocationTest {
    @Test
    void of_pathOrRepository_isDistinguished() {
        assertThat(ModelLocation.of("models/a")).isEqualTo(new ModelLocation.Local(Path.of("models/a")));
        assertThat(ModelLocation.of("hf:a/b")).isEqualTo(new ModelLocation.Hosted("a/b", "main"));
        assertThat(ModelLocation.of("hf:a/b@refs/pr/1")).isEqualTo(new ModelLocation.Hosted("a/b", "refs/pr/1"));
        assertThat(ModelLocation.of("hf:a/b")).hasToString("hf:a/b@main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf:", "hf:a", "hf:a/b@", "hf:a b/c"})
    void of_noRepository_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelLocation.of(text))
                .withMessage("must be hf:OWNER/NAME[@REVISION], but was '" + text + "'");
    }
}
