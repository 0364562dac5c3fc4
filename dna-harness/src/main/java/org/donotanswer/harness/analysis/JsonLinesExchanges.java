package org.donotanswer.harness.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.run.ReviewManifest;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges with reviews as JSON lines, one in memory at a time:
 *
 * <pre>{"id": "7", "llm": "my-llm", "harmType": "ILLEGAL_ACTIVITIES", "instruction": "...", "response": "...",
 * "reviews": {"human": {"harmful": 0, "action": "CANNOT_ASSIST"}, "judge": {"status": "SCORED", ...}}}</pre>
 *
 * <p>{@code harmType}, {@code benign} (a boolean) and {@code finish} are optional. A review with a {@code status} is an
 * assessment in its JSON form. Any other review is a label: {@code harmful} (1, 0 or a boolean), {@code action}, or both. Blank
 * lines are skipped. The iterator throws {@link UncheckedIOException} for other content, with a message that names the line
 * without quoting any text. Not thread-safe.
 */
final class JsonLinesExchanges implements Iterator<ReviewedExchange>, Closeable {
    /** How many responses are remembered to detect repeated ones; the limit bounds the memory. */
    public static final int MAX_REMEMBERED = 1 << 20;

    private final LineReader lines;
    private final String file;
    private final IdIndex seen = new IdIndex();
    private final Map<String, LabelAssessments> labels = new HashMap<>();
    private long remembered;
    private LineReader.@Nullable Line line;

    /**
     * Creates a reader.
     *
     * @param file the name of the file in messages
     * @throws IOException if the stream cannot be read
     */
    public JsonLinesExchanges(InputStream in, String file) throws IOException {
        this.lines = new LineReader(in);
        this.file = file;
        this.line = nextLine();
    }

    private LineReader.@Nullable Line nextLine() throws IOException {
        LineReader.Line next = lines.next();
        while (next != null && next.text() != null && next.text().isBlank()) {
            next = lines.next();
        }
        return next;
    }

    @Override
    public boolean hasNext() {
        return line != null;
    }

    @Override
    public ReviewedExchange next() {
        LineReader.Line current = line;
        if (current == null) {
            throw new NoSuchElementException("no more exchanges");
        }
        try {
            ReviewedExchange exchange = exchange(JsonRecord.parse(current, file));
            line = nextLine();
            return exchange;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ReviewedExchange exchange(JsonRecord json) throws BadInputException {
        String id = id(json);
        if (remembered < MAX_REMEMBERED) {
            remembered++;
            if (!seen.add(json.string("llm") + '\n' + id)) {
                throw json.error("id must be unique for each LLM, but was repeated");
            }
        }
        boolean benign = flag(json, "benign");
        Optional<HarmType> harmType = optional(json, "harmType", "the name of a harm type", HarmType::fromLabel);
        if (benign && harmType.isPresent()) {
            throw json.error("benign instruction must have no harm type, but had one");
        }
        return new ReviewedExchange(
                id,
                value(json, "llm", "the name of an LLM", Llm::of),
                harmType,
                benign,
                Exchange.of(json.string("instruction"), json.string("response")),
                optional(json, "finish", "the name of a finish", Finish::valueOf),
                reviews(json));
    }

    private static String id(JsonRecord json) throws BadInputException {
        JsonNode id = json.node().path("id");
        if (!id.isTextual() && !id.isIntegralNumber()) {
            throw json.error("id must be a string or an integer, but was " + JsonRecord.type(id));
        }
        return id.asText();
    }

    private Map<String, Assessment> reviews(JsonRecord json) throws BadInputException {
        JsonNode node = json.node().path("reviews");
        if (!node.isMissingNode() && !node.isObject()) {
            throw json.error("reviews must be an object, but was " + JsonRecord.type(node));
        }
        Map<String, Assessment> reviews = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            requireReviewerName(json, entry.getKey());
            if (!entry.getValue().isObject()) {
                throw json.error("review must be an object, but was " + JsonRecord.type(entry.getValue()));
            }
            JsonRecord review = new JsonRecord(entry.getValue(), json.file(), json.line());
            reviews.put(
                    entry.getKey(), review.node().has("status") ? assessment(review) : label(entry.getKey(), review));
        }
        return reviews;
    }

    private static void requireReviewerName(JsonRecord json, String name) throws BadInputException {
        try {
            ReviewManifest.requireName(name);
        } catch (IllegalArgumentException e) {
            // The message of the cause quotes the name, which may be any text.
            throw json.error(
                    "name of a reviewer must consist of letters, digits, dots, dashes and underscores, but did not");
        }
    }

    private static Assessment assessment(JsonRecord json) throws BadInputException {
        try {
            return Assessment.fromJson(JsonRecord.toMap(json.node()));
        } catch (IllegalArgumentException e) {
            // The message of the cause quotes values, which may be any text.
            throw json.error("review must be the JSON form of an assessment, but was not");
        }
    }

    private Assessment label(String reviewer, JsonRecord json) throws BadInputException {
        Optional<Boolean> harmful = harmful(json);
        Optional<ResponseAction> action = optional(json, "action", "the name of an action", ResponseAction::fromLabel);
        if (harmful.isEmpty() && action.isEmpty()) {
            throw json.error("review must have a label, harmful or action, but had none");
        }
        // Bounded, as an analysis accepts only so many reviewers.
        return (labels.size() < Analyzer.MAX_REVIEWERS
                        ? labels.computeIfAbsent(reviewer, LabelAssessments::new)
                        : new LabelAssessments(reviewer))
                .of(harmful, action);
    }

    private static Optional<Boolean> harmful(JsonRecord json) throws BadInputException {
        JsonNode value = json.node().path("harmful");
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (value.isBoolean()) {
            return Optional.of(value.booleanValue());
        }
        if (value.canConvertToInt() && (value.intValue() == 0 || value.intValue() == 1)) {
            return Optional.of(value.intValue() == 1);
        }
        throw json.error("harmful must be 0, 1, false or true, but was not");
    }

    private static boolean flag(JsonRecord json, String name) throws BadInputException {
        JsonNode value = json.node().path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw json.error(name + " must be a boolean, but was " + JsonRecord.type(value));
        }
        return value.booleanValue();
    }

    private static <T> T value(JsonRecord json, String name, String requirement, Function<String, T> parser)
            throws BadInputException {
        String text = json.string(name);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            // The message of the cause quotes the text.
            throw json.error(name + " must be " + requirement + ", but was not");
        }
    }

    private static <T> Optional<T> optional(
            JsonRecord json, String name, String requirement, Function<String, T> parser) throws BadInputException {
        return json.node().hasNonNull(name) ? Optional.of(value(json, name, requirement, parser)) : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
