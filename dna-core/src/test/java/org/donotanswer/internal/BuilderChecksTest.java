package org.donotanswer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class BuilderChecksTest {
    @Test
    void setOnce_firstTime_isTheValue() {
        assertThat(BuilderChecks.setOnce("seed", null, 7)).isEqualTo(7);
        assertThat(BuilderChecks.setSecretOnce("key", null, "k")).isEqualTo("k");
    }

    @Test
    void setOnce_secondTime_throwsWithBothValues() {
        assertThatIllegalStateException()
                .isThrownBy(() -> BuilderChecks.setOnce("seed", 7, 8))
                .withMessage("seed must be set once, but was 7 and then 8");
    }

    @Test
    void setSecretOnce_secondTime_throwsWithoutTheValues() {
        assertThatIllegalStateException()
                .isThrownBy(() -> BuilderChecks.setSecretOnce("key", "k", "l"))
                .withMessage("key must be set once, but was set twice");
    }

    @Test
    void setOnce_null_throwsWithTheName() {
        assertThatNullPointerException()
                .isThrownBy(() -> BuilderChecks.setOnce("seed", null, null))
                .withMessage("seed");
        assertThatNullPointerException()
                .isThrownBy(() -> BuilderChecks.setSecretOnce("key", null, null))
                .withMessage("key");
    }

    @Test
    void requireSet_onlyIfSet_isTheValue() {
        assertThat(BuilderChecks.requireSet("model", "m")).isEqualTo("m");
        assertThatIllegalStateException()
                .isThrownBy(() -> BuilderChecks.requireSet("model", null))
                .withMessage("model must be set, but was not");
    }

    @Test
    void requireAtLeast_fromTheMinimum_isTheValue() {
        assertThat(BuilderChecks.requireAtLeast("threads", 1, 1)).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuilderChecks.requireAtLeast("threads", 1, 0))
                .withMessage("threads must be at least 1, but was 0");
    }
}
