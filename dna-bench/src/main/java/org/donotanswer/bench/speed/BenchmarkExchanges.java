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
 * The exchanges that benchmarks evaluate: the published responses of Do-Not-Answer from the directory that the system
 * property {@code dna.data} names, or a few bundled exchanges if there is no such directory. Immutable, hence thread-safe.
 *
 * @param source where the exchanges come from
 * @param exchanges the exchanges, shuffled with a fixed seed
 */
public record BenchmarkExchanges(String source, List<Exchange> exchanges) {
    /** The system property that names the directory of the published files. */
    public static final String DATA = "dna.data";

    private static final String DEFAULT_DATA = "../shared/do-not-answer";
    private static final String BUNDLED = "/org/donotanswer/examples/exchanges.jsonl";
    private static final long SEED = 42;

    /** Copies the exchanges. */
    public BenchmarkExchanges {
        Objects.requireNonNull(source, "source");
        exchanges = List.copyOf(exchanges);
    }

    /**
     * Returns the published exchanges, or the bundled ones if there are none.
     *
     * @throws IOException if they cannot be read
     */
    public static BenchmarkExchanges load() throws IOException {
        Path data = directory();
        return Files.exists(data)
                ? published(data)
                : shuffled("exchanges of our own, as no data was found", readBundled());
    }

    /** Returns the directory of the published files, which may not exist. */
    public static Path directory() {
        return Path.of(System.getProperty(DATA, DEFAULT_DATA)).toAbsolutePath().normalize();
    }

    /**
     * Returns the published exchanges in a directory.
     *
     * @throws IOException if they cannot be read
     */
    public static BenchmarkExchanges published(Path data) throws IOException {
        return shuffled(
                "the responses of Do-Not-Answer",
                DoNotAnswer.load(data).responses().stream()
                        .map(response -> Exchange.of(response.question().text(), response.text()))
                        .toList());
    }

    /**
     * Returns the few exchanges that come with dna.
     *
     * @throws IOException if they cannot be read
     */
    public static BenchmarkExchanges bundled() throws IOException {
        return shuffled("exchanges of our own", readBundled());
    }

    private static BenchmarkExchanges shuffled(String source, List<Exchange> exchanges) {
        List<Exchange> shuffled = new ArrayList<>(exchanges);
        Collections.shuffle(shuffled, new Random(SEED));
        return new BenchmarkExchanges(source, shuffled);
    }

    private static List<Exchange> readBundled() throws IOException {
        JsonMapper mapper = new JsonMapper();
        List<Exchange> exchanges = new ArrayList<>();
        try (InputStream in = BenchmarkExchanges.class.getResourceAsStream(BUNDLED)) {
            String text = new String(Objects.requireNonNull(in, BUNDLED).readAllBytes(), StandardCharsets.UTF_8);
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

    /**
     * Returns an exchange whose response is the concatenation of several, cut to a length.
     *
     * @param chars the length of the response
     * @param from the index of the first exchange to take, modulo the number of exchanges
     */
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
