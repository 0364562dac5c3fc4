package org.donotanswer.classifier.chat;

import java.math.BigDecimal;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads how long a server asks its client to wait: {@code Retry-After} in seconds or as a date (RFC 9110, section
 * 10.2.3), or {@code retry-after-ms}. Stateless, hence thread-safe.
 */
public final class RetryAfter {
    private static final Duration MAX_WAIT = Duration.ofDays(365);

    private RetryAfter() {}

    /**
     * Returns the wait that the headers ask for, at most 365 days; empty if they ask for none, or in no known form. A
     * date is compared with the server's own {@code Date}, or else with this machine's clock.
     */
    public static Optional<Duration> of(HttpHeaders headers) {
        return of(headers, Instant::now);
    }

    static Optional<Duration> of(HttpHeaders headers, Supplier<Instant> localClock) {
        Optional<Duration> millis = headers.firstValue("retry-after-ms").flatMap(value -> duration(value, 3));
        if (millis.isPresent()) {
            return millis;
        }
        return headers.firstValue("retry-after")
                .flatMap(value -> duration(value, 0).or(() -> date(value).map(date -> {
                    Instant now =
                            headers.firstValue("date").flatMap(RetryAfter::date).orElseGet(localClock);
                    return capped(now, date);
                })));
    }

    private static Duration capped(Instant now, Instant date) {
        Duration wait = date.isBefore(now) ? Duration.ZERO : Duration.between(now, date);
        return wait.compareTo(MAX_WAIT) < 0 ? wait : MAX_WAIT;
    }

    /** Reads a number of seconds, of milliseconds with three decimals. */
    private static Optional<Duration> duration(String value, int decimals) {
        if (!value.strip().matches("[0-9]{1,12}(\\.[0-9]{1,9})?")) {
            return Optional.empty();
        }
        BigDecimal seconds =
                new BigDecimal(value.strip()).movePointLeft(decimals).min(BigDecimal.valueOf(MAX_WAIT.toSeconds()));
        return Optional.of(Duration.ofNanos(seconds.movePointRight(9).longValue()));
    }

    private static Optional<Instant> date(String value) {
        try {
            return Optional.of(ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
