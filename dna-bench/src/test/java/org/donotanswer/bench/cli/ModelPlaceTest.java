package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPlaceTest {
    @Test
    void of_pathOrRepository_isTold() {
        assertThat(ModelPlace.of("models/a")).isEqualTo(new ModelPlace.Local(Path.of("models/a")));
        assertThat(ModelPlace.of("hf:a/b")).isEqualTo(new ModelPlace.Hosted("a/b", "main"));
        assertThat(ModelPlace.of("hf:a/b@refs/pr/1")).isEqualTo(new ModelPlace.Hosted("a/b", "refs/pr/1"));
        assertThat(ModelPlace.of("hf:a/b")).hasToString("hf:a/b@main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf:", "hf:a", "hf:a/b@", "hf:a b/c"})
    void of_noRepository_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPlace.of(text))
                .withMessage("must be hf:OWNER/NAME[@REVISION], but was '" + text + "'");
    }
}
