package org.donotanswer.bench.speed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.evaluate.Exchange;

/**
 * The exchanges that benchmarks run on: the real responses of the benchmark in the directory of the system property {@code
 * dna.data}, or, where they are not there, a few of our own. Immutable, hence thread-safe.
 *
 * @param source where they are from
 * @param exchanges shuffled by a fixed seed
 */
public record BenchmarkExchanges(String source, List<Exchange> exchanges) {
    /** The system property that names the directory of the published files. */
    public static final String DATA = "dna.data";

    private static final String DEFAULT_DATA = "../shared/do-not-answer";
    private static final String OWN = "/org/donotanswer/examples/exchanges.jsonl";
    private static final long SEED = 42;

    /** Copies the exchanges. */
    public BenchmarkExchanges {
        Objects.requireNonNull(source, "source");
        exchanges = List.copyOf(exchanges);
    }

    /**
     * Returns the exchanges.
     *
     * @throws IOException if they cannot be read
     */
    public static BenchmarkExchanges load() throws IOException {
        Path data = directory();
        return Files.exists(data)
                ? of("the responses of Do-Not-Answer", published(data))
                : of("exchanges of our own, as no data was found", own());
    }

    /** Returns where the published files are looked for. */
    public static Path directory() {
        return Path.of(System.getProperty(DATA, DEFAULT_DATA)).toAbsolutePath().normalize();
    }

    private static BenchmarkExchanges of(String source, List<Exchange> exchanges) {
        List<Exchange> shuffled = new ArrayList<>(exchanges);
        Collections.shuffle(shuffled, new Random(SEED));
        return new BenchmarkExchanges(source, shuffled);
    }

    private static List<Exchange> published(Path data) throws IOException {
        return DoNotAnswer.load(data).responses().stream()
                .map(response -> Exchange.of(response.question().text(), response.text()))
                .toList();
    }

    private static List<Exchange> own() throws IOException {
        JsonMapper mapper = new JsonMapper();
        List<Exchange> exchanges = new ArrayList<>();
        try (InputStream in = BenchmarkExchanges.class.getResourceAsStream(OWN)) {
            String text = new String(Objects.requireNonNull(in, OWN).readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                JsonNode node = mapper.readTree(line);
                exchanges.add(Exchange.of(
                        node.get("instruction").textValue(),
                        node.get("response").textValue()));
            }
        }
        return exchanges;
    }

    /** Returns the mean length of the responses, in chars. */
    public double meanResponseChars() {
        return exchanges.stream()
                .mapToInt(exchange -> exchange.response().length())
                .average()
                .orElse(0);
    }

    /** Returns an exchange whose response has the given number of chars, being many responses one after another from one on. */
    public Exchange withResponseOf(int chars, int from) {
        int first = from % exchanges.size();
        StringBuilder response = new StringBuilder(chars);
        for (int i = first; response.length() < chars; i = (i + 1) % exchanges.size()) {
            response.append(exchanges.get(i).response()).append("\n\n");
        }
        response.setLength(chars);
        return Exchange.of(exchanges.get(first).instruction(), response.toString());
    }
}
