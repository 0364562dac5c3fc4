package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void isFailure_ofTextsThatWereNotChecked() {
        assertThat(Reason.values())
                .filteredOn(Reason::isFailure)
                .containsExactly(
                        Reason.NOT_JUDGED,
                        Reason.MISSING_SCORE,
                        Reason.EVALUATOR_FAILED,
                        Reason.DEADLINE_EXCEEDED,
                        Reason.OVERLOADED,
                        Reason.CANCELLED,
                        Reason.CLOSED,
                        Reason.MISCONFIGURED,
                        Reason.TOO_LONG,
                        Reason.IDLE_TIMEOUT);
    }

    @Test
    void isConfigurationError_ofFailuresThatStay() {
        assertThat(Reason.values())
                .filteredOn(Reason::isConfigurationError)
                .containsExactly(Reason.MISSING_SCORE, Reason.MISCONFIGURED);
    }
}
