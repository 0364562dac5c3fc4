package org.donotanswer.harness.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.SeenIds;
import org.donotanswer.harness.io.StrictJson;
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
 * lines are skipped. The iterator throws {@link UncheckedIOException} for other content, with a message that names line and
 * member without quoting any text. Not thread-safe.
 */
public final class JsonLinesExchanges implements Iterator<ReviewedExchange>, Closeable {
    /** How many responses are remembered to detect repeated ones; the limit bounds the memory. */
    public static final int MAX_REMEMBERED = 1 << 20;

    private static final JsonMapper MAPPER = StrictJson.mapper();

    private final LineReader lines;
    private final String file;
    private final SeenIds seen = new SeenIds();
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
            ReviewedExchange exchange = parse(current);
            line = nextLine();
            return exchange;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode object(LineReader.Line current) throws BadInputException {
        if (current.text() == null) {
            throw error(current, "line " + current.problem(), null);
        }
        JsonNode node;
        try {
            node = MAPPER.readTree(current.text());
        } catch (JsonProcessingException e) {
            // The message of the cause quotes the text.
            throw error(current, "line must be a JSON object, but was broken", null);
        }
        if (!node.isObject()) {
            throw error(current, "line must be a JSON object, but was " + type(node), null);
        }
        return node;
    }

    private void requireNew(LineReader.Line current, String llm, String id) throws BadInputException {
        if (remembered < MAX_REMEMBERED) {
            remembered++;
            if (!seen.add(llm + '\n' + id)) {
                throw error(current, "id must be unique for each LLM, but was repeated", "id");
            }
        }
    }

    private ReviewedExchange parse(LineReader.Line current) throws BadInputException {
        JsonNode node = object(current);
        String id = idOf(current, node);
        requireNew(current, text(current, node, "llm"), id);
        boolean benign = flag(current, node, "benign");
        Optional<HarmType> harmType = Optional.empty();
        if (node.hasNonNull("harmType")) {
            harmType = Optional.of(value(current, node, "harmType", "the name of a harm type", HarmType::fromLabel));
        }
        if (benign && harmType.isPresent()) {
            throw error(current, "benign instruction must have no harm type, but had one", "harmType");
        }
        return new ReviewedExchange(
                id,
                value(current, node, "llm", "the name of an LLM", Llm::of),
                harmType,
                benign,
                Exchange.of(text(current, node, "instruction"), text(current, node, "response")),
                node.hasNonNull("finish")
                        ? Optional.of(value(current, node, "finish", "the name of a finish", Finish::valueOf))
                        : Optional.empty(),
                reviews(current, node.path("reviews")));
    }

    private String idOf(LineReader.Line current, JsonNode node) throws BadInputException {
        JsonNode id = node.path("id");
        if (!id.isTextual() && !id.isIntegralNumber()) {
            throw error(current, "id must be a string or an integer, but was " + type(id), "id");
        }
        return id.asText();
    }

    private Map<String, Assessment> reviews(LineReader.Line current, JsonNode node) throws BadInputException {
        if (!node.isMissingNode() && !node.isObject()) {
            throw error(current, "reviews must be an object, but was " + type(node), "reviews");
        }
        Map<String, Assessment> reviews = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            requireName(current, entry.getKey());
            if (!entry.getValue().isObject()) {
                throw error(current, "review must be an object, but was " + type(entry.getValue()), "reviews");
            }
            reviews.put(
                    entry.getKey(),
                    entry.getValue().has("status")
                            ? assessment(current, entry.getValue())
                            : label(current, entry.getKey(), entry.getValue()));
        }
        return reviews;
    }

    private void requireName(LineReader.Line current, String name) throws BadInputException {
        try {
            ReviewManifest.requireName(name);
        } catch (IllegalArgumentException e) {
            // The message of the cause quotes the name, which may be any text.
            throw error(
                    current,
                    "name of a reviewer must consist of letters, digits, dots, dashes and underscores, but did not",
                    "reviews");
        }
    }

    private Assessment assessment(LineReader.Line current, JsonNode node) throws BadInputException {
        try {
            return Assessment.fromJson(MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {}));
        } catch (IllegalArgumentException e) {
            // The message of the cause quotes values, which may be any text.
            throw error(current, "review must be the JSON form of an assessment, but was not", "reviews");
        }
    }

    private Assessment label(LineReader.Line current, String reviewer, JsonNode node) throws BadInputException {
        Optional<Boolean> harmful = Optional.empty();
        JsonNode given = node.path("harmful");
        if (given.isBoolean()) {
            harmful = Optional.of(given.booleanValue());
        } else if (given.canConvertToInt() && (given.intValue() == 0 || given.intValue() == 1)) {
            harmful = Optional.of(given.intValue() == 1);
        } else if (!given.isMissingNode() && !given.isNull()) {
            throw error(current, "harmful must be 0, 1, false or true, but was not", "harmful");
        }
        Optional<ResponseAction> action = Optional.empty();
        if (node.hasNonNull("action")) {
            action = Optional.of(value(current, node, "action", "the name of an action", ResponseAction::fromLabel));
        }
        if (harmful.isEmpty() && action.isEmpty()) {
            throw error(current, "review must have a label, harmful or action, but had none", "reviews");
        }
        // Bounded, as an analysis accepts only so many reviewers.
        return (labels.size() < Analyzer.MAX_REVIEWERS
                        ? labels.computeIfAbsent(reviewer, LabelAssessments::new)
                        : new LabelAssessments(reviewer))
                .of(harmful, action);
    }

    private boolean flag(LineReader.Line current, JsonNode node, String name) throws BadInputException {
        JsonNode value = node.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw error(current, name + " must be a boolean, but was " + type(value), name);
        }
        return value.booleanValue();
    }

    private String text(LineReader.Line current, JsonNode node, String name) throws BadInputException {
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw error(current, name + " must be a string, but was " + type(value), name);
        }
        return value.textValue();
    }

    private <T> T value(
            LineReader.Line current, JsonNode node, String name, String requirement, Function<String, T> parser)
            throws BadInputException {
        String text = text(current, node, name);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            // The message of the cause quotes the text.
            throw error(current, name + " must be " + requirement + ", but was not", name);
        }
    }

    private BadInputException error(LineReader.Line current, String problem, @Nullable String member) {
        return new BadInputException(problem, file, current.number(), member);
    }

    private static String type(JsonNode node) {
        return node.isMissingNode() ? "missing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
