package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutageDetectorTest {
    private static final int CONCURRENCY = 8;

    private static ChatException failure(FailureKind kind) {
        return new ChatException("endpoint must reply, but was " + kind, kind);
    }

    private static ChatException failure(FailureKind kind, int status) {
        return new ChatException(
                "endpoint must reply, but was " + status,
                kind,
                OptionalInt.of(status),
                Optional.of(Duration.ofSeconds(status)));
    }

    private static OutageDetector detector() {
        return new OutageDetector(CONCURRENCY, false);
    }

    private static OutageDetector detectorAfterReply() {
        OutageDetector detector = detector();
        detector.replied();
        return detector;
    }

    private static void fail(OutageDetector detector, int times, ChatException failure) {
        for (int i = 0; i < times; i++) {
            detector.failed(failure.kind() + " " + i, failure);
        }
    }

    @Test
    void outage_withoutRequests_isEmpty() {
        assertThat(detector().outage()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UNKNOWN_ENDPOINT, 404", "UNKNOWN_MODEL, 404", "AUTHENTICATION, 401"})
    void outage_endpointModelOrKeyIsWrong_isImmediate(FailureKind kind, int status) {
        for (OutageDetector detector : new OutageDetector[] {detector(), detectorAfterReply()}) {
            ChatException failure = failure(kind, status);
            detector.failed("1", failure);

            assertThat(detector.outage()).containsSame(failure);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNKNOWN_ENDPOINT", "UNKNOWN_MODEL", "AUTHENTICATION"})
    void outage_withoutStatus_isImmediateToo(FailureKind kind) {
        OutageDetector detector = detectorAfterReply();
        detector.failed("1", failure(kind));

        assertThat(detector.outage()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 422})
    void outage_modelUnknownToARejectedRequest_isThatOfTheRequestAfterAReply(int status) {
        OutageDetector detector = detectorAfterReply();
        detector.failed("1", failure(FailureKind.UNKNOWN_MODEL, status));
        assertThat(detector.outage()).isEmpty();

        OutageDetector fresh = detector();
        fresh.failed("1", failure(FailureKind.UNKNOWN_MODEL, status));
        assertThat(fresh.outage()).isPresent();
    }

    @Test
    void outage_forbidden_takesThreeDifferentRequests() {
        OutageDetector detector = detector();
        ChatException failure = failure(FailureKind.AUTHENTICATION, 403);
        for (int i = 0; i < 5; i++) {
            detector.failed("the same", failure);
        }
        detector.failed("second", failure);
        assertThat(detector.outage()).isEmpty();
        detector.failed("third", failure);
        assertThat(detector.outage()).containsSame(failure);
    }

    @Test
    void outage_forbiddenBecauseOfTheKey_takesOneRequestBeforeAReply() {
        ChatException failure = new ChatException(
                "key refused", FailureKind.AUTHENTICATION, OptionalInt.of(403), Optional.empty(), true);
        OutageDetector detector = detector();
        detector.failed("first", failure);
        assertThat(detector.outage()).containsSame(failure);

        OutageDetector after = detectorAfterReply();
        fail(after, 5, failure);
        assertThat(after.outage()).isEmpty();
    }

    @Test
    void outage_webPageInsteadOfAReply_takesOneRequestBeforeAReply() {
        ChatException failure = failure(FailureKind.UNKNOWN_ENDPOINT, 200);
        OutageDetector detector = detector();
        fail(detector, 1, failure);
        assertThat(detector.outage()).containsSame(failure);

        OutageDetector after = detectorAfterReply();
        fail(after, OutageDetector.MAX_FAILURES_IN_A_ROW - 1, failure);
        assertThat(after.outage()).isEmpty();
    }

    @Test
    void outage_forbiddenAfterAReply_isThatOfTheRequest() {
        for (OutageDetector detector :
                new OutageDetector[] {detectorAfterReply(), new OutageDetector(CONCURRENCY, true)}) {
            fail(detector, 5, failure(FailureKind.AUTHENTICATION, 403));
            assertThat(detector.outage()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 3", "4, 4", "50, 4"})
    void outage_noConnection_takesAsManyAsAreSentConcurrently(int concurrency, int connections) {
        OutageDetector detector = new OutageDetector(concurrency, true);
        fail(detector, connections - 1, failure(FailureKind.CONNECTION));
        assertThat(detector.outage()).isEmpty();
        fail(detector, 1, failure(FailureKind.CONNECTION));

        assertThat(detector.outage()).hasValueSatisfying(outage -> {
            assertThat(outage.kind()).isEqualTo(FailureKind.CONNECTION);
            assertThat(outage).hasMessage("endpoint could not be reached: endpoint must reply, but was CONNECTION");
        });
    }

    @Test
    void outage_connectionsThatFailNowAndThen_areNotOne() {
        OutageDetector detector = detector();
        for (int i = 0; i < 3; i++) {
            fail(detector, 3, failure(FailureKind.CONNECTION));
            fail(detector, 1, failure(FailureKind.TIMEOUT));
        }
        assertThat(detector.outage()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECTION, 0",
        "TIMEOUT, 408",
        "RATE_LIMITED, 429",
        "SERVER_FAILURE, 500",
        "MALFORMED_REPLY, 200",
        "AUTHENTICATION, 403",
        "UNKNOWN_MODEL, 400",
        "REJECTED, 402"
    })
    void outage_afterAReply_takesTwentyFailuresInARow(FailureKind kind, int status) {
        OutageDetector detector = detectorAfterReply();
        ChatException failure = failure(kind, status);
        fail(detector, 19, failure);
        detector.replied();
        fail(detector, 19, failure);
        assertThat(detector.outage()).isEmpty();
        fail(detector, 1, failure);

        assertThat(detector.outage()).hasValueSatisfying(outage -> {
            assertThat(outage.kind()).isEqualTo(kind);
            assertThat(outage.status()).isEqualTo(failure.status());
            assertThat(outage.retryAfter()).isEqualTo(failure.retryAfter());
            assertThat(outage)
                    .hasMessage("endpoint must reply, but failed 20 requests in a row; last failure: endpoint must"
                            + " reply, but was " + status);
        });
    }

    @Test
    void outage_rejectedRequests_countUntilThereIsAReply() {
        OutageDetector detector = detector();
        fail(detector, 20, failure(FailureKind.REJECTED, 400));
        assertThat(detector.outage()).isPresent();

        for (OutageDetector after :
                new OutageDetector[] {detectorAfterReply(), new OutageDetector(CONCURRENCY, true)}) {
            fail(after, 50, failure(FailureKind.REJECTED, 400));
            assertThat(after.outage()).isEmpty();
        }
    }

    @Test
    void outage_rejectedRequestsBetweenFailures_neitherCountNorReset() {
        OutageDetector detector = detectorAfterReply();
        fail(detector, 19, failure(FailureKind.SERVER_FAILURE, 500));
        fail(detector, 5, failure(FailureKind.REJECTED, 400));
        assertThat(detector.outage()).isEmpty();
        fail(detector, 1, failure(FailureKind.SERVER_FAILURE, 500));
        assertThat(detector.outage()).isPresent();
    }

    @Test
    void replied_endsTheOutage() {
        OutageDetector detector = detector();
        fail(detector, 1, failure(FailureKind.UNKNOWN_ENDPOINT));
        assertThat(detector.outage()).isPresent();
        detector.replied();
        assertThat(detector.outage()).isEmpty();
    }

    @Test
    void constructor_withoutConcurrency_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OutageDetector(0, false))
                .withMessage("concurrency must be at least 1, but was 0");
    }
}
