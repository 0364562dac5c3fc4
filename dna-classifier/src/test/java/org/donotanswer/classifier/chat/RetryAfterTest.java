package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static HttpHeaders headers(String... namesAndValues) {
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    @ParameterizedTest
    @CsvSource({
        "Retry-After, 7, PT7S",
        "Retry-After, ' 7 ', PT7S",
        "Retry-After, 0, PT0S",
        "Retry-After, 1.5, PT1.5S",
        "Retry-After, 999999999999, PT8760H",
        "retry-after-ms, 250, PT0.25S",
        "Retry-After, 'Sat, 21 Nov 2026 10:00:30 GMT', PT30S",
        "Retry-After, 'Sat, 21 Nov 2026 09:00:00 GMT', PT0S",
        "Retry-After, 'Sat, 21 Nov 2099 09:00:00 GMT', PT8760H"
    })
    void of_secondsMillisecondsOrDate_isTheWait(String name, String value, Duration wait) {
        assertThat(RetryAfter.of(headers("Date", "Sat, 21 Nov 2026 10:00:00 GMT", name, value)))
                .contains(wait);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-3", "", "1e3", "1,5", "Sat, 21 Nov 2026"})
    void of_anotherForm_isEmpty(String value) {
        assertThat(RetryAfter.of(headers("Retry-After", value))).isEmpty();
    }

    @Test
    void of_noHeader_isEmpty() {
        assertThat(RetryAfter.of(headers())).isEmpty();
    }

    @Test
    void of_milliseconds_countBeforeSeconds() {
        assertThat(RetryAfter.of(headers("retry-after-ms", "250", "Retry-After", "1")))
                .contains(Duration.ofMillis(250));
        assertThat(RetryAfter.of(headers("retry-after-ms", "soon", "Retry-After", "1")))
                .contains(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday"})
    void of_dateWithoutTheServersTime_isComparedWithTheLocalClock(String serverTime) {
        HttpHeaders headers = headers("Retry-After", "Sat, 21 Nov 2026 10:00:30 GMT", "Date", serverTime);

        assertThat(RetryAfter.of(headers, () -> Instant.parse("2026-11-21T10:00:20Z")))
                .contains(Duration.ofSeconds(10));
    }
}
