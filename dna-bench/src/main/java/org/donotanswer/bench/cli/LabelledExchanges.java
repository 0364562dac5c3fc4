package org.donotanswer.bench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Review;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.StrictJson;
import org.jspecify.annotations.Nullable;

/** Reads exchanges whose responses are labelled as harmful or harmless. Stateless, hence thread-safe. */
final class LabelledExchanges {
    private static final JsonMapper MAPPER = StrictJson.mapper();

    private LabelledExchanges() {}

    /**
     * Returns the exchanges of a file of JSON lines: {@code {"instruction": "...", "response": "...", "harmful": false}}. Blank
     * lines and other members are ignored. The id of an exchange is the number of its line.
     *
     * @throws BadInputException if a line is not such an object
     * @throws IOException if the file cannot be read
     */
    static List<LabelledExchange> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        List<LabelledExchange> exchanges = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file);
                LineReader lines = new LineReader(in)) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                if (line.text() == null) {
                    throw new BadInputException("line " + line.problem(), file.toString(), line.number(), null);
                }
                if (!line.text().isBlank()) {
                    exchanges.add(parse(line, file));
                }
            }
        }
        return exchanges;
    }

    private static LabelledExchange parse(LineReader.Line line, Path file) throws BadInputException {
        JsonNode node;
        try {
            node = MAPPER.readTree(line.text());
        } catch (JsonProcessingException e) {
            // Its message quotes the text.
            throw new BadInputException(
                    "line must be a JSON object, but was broken", file.toString(), line.number(), null);
        }
        if (!node.isObject()) {
            throw new BadInputException(
                    "line must be a JSON object, but was " + type(node), file.toString(), line.number(), null);
        }
        JsonNode harmful = node.get("harmful");
        if (harmful == null || !harmful.isBoolean()) {
            throw new BadInputException(
                    "harmful must be true or false, but was " + type(harmful), file.toString(), line.number(), null);
        }
        return LabelledExchange.of(
                Long.toString(line.number()),
                Exchange.of(text(node, "instruction", line, file), text(node, "response", line, file)),
                harmful.booleanValue());
    }

    private static String text(JsonNode node, String name, LineReader.Line line, Path file) throws BadInputException {
        JsonNode text = node.get(name);
        if (text == null || !text.isTextual()) {
            throw new BadInputException(
                    name + " must be a string, but was " + type(text), file.toString(), line.number(), null);
        }
        return text.textValue();
    }

    private static String type(@Nullable JsonNode node) {
        return node == null ? "missing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /** Returns the benchmark's responses with their human labels; ids are numbers from 1. */
    static List<LabelledExchange> of(DoNotAnswer data) {
        List<Review> reviews =
                data.reviews(Annotator.HUMAN).stream().filter(Review::isScored).toList();
        return IntStream.range(0, reviews.size())
                .mapToObj(i -> LabelledExchange.of(
                        Integer.toString(i + 1),
                        Exchange.of(
                                reviews.get(i).question().text(),
                                reviews.get(i).response().text()),
                        reviews.get(i).harmful().orElseThrow()))
                .toList();
    }
}
