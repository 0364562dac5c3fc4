package org.donotanswer.harness.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrowserConditionTest {
    @TempDir
    private Path directory;

    @Test
    void missing_isSkipped_butFailsWhereRequired() {
        List<Path> none = List.of(directory.resolve("chromium"));
        String reason = "browser must be installed, but was missing: " + none;

        assertThat(BrowserCondition.evaluate(none, false).isDisabled()).isTrue();
        assertThat(BrowserCondition.evaluate(none, false).getReason()).contains(reason);
        assertThatIllegalStateException()
                .isThrownBy(() -> BrowserCondition.evaluate(none, true))
                .withMessage(reason);
        assertThat(BrowserCondition.evaluate(List.of(), true).isDisabled()).isFalse();
    }
}
