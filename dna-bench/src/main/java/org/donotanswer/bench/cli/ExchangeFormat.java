package org.donotanswer.bench.cli;

import java.util.Locale;
import java.util.Optional;

/** The formats of files of exchanges. Immutable, hence thread-safe. */
enum ExchangeFormat {
    // The names are values of an option.
    jsonl,
    csv;

    /** Returns the format that the name of a file implies; empty if it implies none. */
    static Optional<ExchangeFormat> ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".csv")) {
            return Optional.of(csv);
        }
        return lower.endsWith(".jsonl") || lower.endsWith(".ndjson") || lower.endsWith(".json")
                ? Optional.of(jsonl)
                : Optional.empty();
    }
}
