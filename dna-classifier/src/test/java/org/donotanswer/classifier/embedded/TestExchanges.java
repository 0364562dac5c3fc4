package org.donotanswer.classifier.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.donotanswer.evaluate.Exchange;

/** Exchanges written for these tests. */
final class TestExchanges {
    private TestExchanges() {}

    /** A line of exchanges.tsv. */
    record Labelled(String kind, Exchange exchange) {}

    /** Returns exchanges whose assessments must not depend on their form. */
    static List<Exchange> invariance() {
        return lines("invariance.tsv").stream()
                .map(line -> Exchange.of(line.get(0), line.get(1)))
                .toList();
    }

    /** Returns the exchanges of a kind: REFUSAL, HELPFUL, ALARMING or COMPLIANCE. */
    static List<Exchange> ofKind(String kind) {
        return lines("exchanges.tsv").stream()
                .map(line -> new Labelled(line.get(0), Exchange.of(line.get(1), line.get(2))))
                .filter(labelled -> labelled.kind.equals(kind))
                .map(Labelled::exchange)
                .toList();
    }

    private static List<List<String>> lines(String resource) {
        try (InputStream stream = Objects.requireNonNull(TestExchanges.class.getResourceAsStream(resource), resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.asList(line.replace("\\n", "\n").split("\t", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
