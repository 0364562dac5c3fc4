package org.donotanswer.bench.encoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.internal.MalformedUtf8Exception;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A file with what both judges say of examples that they were not trained on, without their texts. Its first line has the
 * temperatures of the encoder's heads, in the order of their outputs, and each further line one of the examples in their
 * order: source, id, LLM, labels, the encoder's logits for each window, and the embedded judge's assessment in both norms.
 * Lines are appended; one that a killed process left incomplete is cut off. Immutable, hence thread-safe, but one process at a time may
 * write the file.
 */
final class ExchangeRecords {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TEMPERATURES = "temperatures";
    private static final String WINDOWS = "windows";
    private static final String EMBEDDED = "embedded";
    private static final String EMBEDDED_BENCHMARK = "embeddedBenchmark";

    private final Path file;
    private final List<LabelledExample> examples;
    private final Predicate<LabelledExample> isUnseenQuestion;

    /**
     * Names a file.
     *
     * @param examples that it has
     * @param isUnseenQuestion whether an example is of the benchmark and its question was not trained on
     */
    ExchangeRecords(Path file, List<LabelledExample> examples, Predicate<LabelledExample> isUnseenQuestion) {
        this.file = file;
        this.examples = List.copyOf(examples);
        this.isUnseenQuestion = isUnseenQuestion;
    }

    /** Opens what is recorded; only if something is missing. */
    interface Judges extends AutoCloseable {
        /** Returns the encoder. */
        WindowReader encoder();

        /** Returns the embedded judge in a norm. */
        SafetyEvaluator embedded(StageNorm norm);

        @Override
        void close();
    }

    /** Opens judges. */
    @FunctionalInterface
    interface JudgesOpener {
        Judges open() throws IOException;
    }

    /** Returns whether the file has all examples. */
    boolean isComplete() throws IOException {
        return lines().size() == examples.size() + 1;
    }

    /**
     * Records the examples that the file lacks.
     *
     * @throws IOException if the file cannot be read or written, or another process writes it
     * @throws InterruptedException if the thread is interrupted; what is recorded stays
     */
    void complete(JudgesOpener opener, Progress progress) throws IOException, InterruptedException {
        int done = Math.max(0, lines().size() - 1);
        progress.stepTo(done);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel);
                Judges judges = opener.open()) {
            channel.truncate(completeBytes());
            channel.position(channel.size());
            if (channel.size() == 0) {
                append(channel, header(judges.encoder()));
            }
            for (LabelledExample example : examples.subList(done, examples.size())) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while exchanges were judged");
                }
                append(channel, line(example, judges));
                progress.step();
            }
            lock.release();
        }
    }

    private FileLock lock(FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException(
                    "file must be written by one process at a time, but another is writing it (" + file + ")");
        }
        return lock;
    }

    private static void append(FileChannel channel, Map<String, Object> line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static Map<String, Object> header(WindowReader encoder) {
        Map<String, Object> temperatures = new LinkedHashMap<>();
        encoder.temperatures().forEach((head, temperature) -> temperatures.put(head.configName(), temperature));
        return Map.of(TEMPERATURES, temperatures);
    }

    private Map<String, Object> line(LabelledExample example, Judges judges) {
        String response = example.response().orElse("");
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("source", example.source());
        line.put("id", example.id());
        example.llm().ifPresent(llm -> line.put("llm", llm));
        line.put("unseenQuestion", isUnseenQuestion.test(example));
        line.put("hasInstruction", !example.instruction().isBlank());
        line.put("hasResponse", example.response().isPresent());
        example.harmful().ifPresent(harmful -> line.put("harmful", harmful));
        example.refusal().ifPresent(refusal -> line.put("refusal", refusal));
        example.action().ifPresent(action -> line.put("action", action.name()));
        example.instructionRisky().ifPresent(risky -> line.put("risky", risky));
        example.harmType().ifPresent(type -> line.put("harmType", type.name()));
        line.put(WINDOWS, judges.encoder().logits(example.instruction(), response));
        line.put(
                EMBEDDED,
                assessment(example, judges.embedded(StageNorm.GENERAL)).toJson());
        line.put(
                EMBEDDED_BENCHMARK,
                assessment(example, judges.embedded(StageNorm.BENCHMARK)).toJson());
        return line;
    }

    private static Assessment assessment(LabelledExample example, SafetyEvaluator judge) {
        return example.response()
                .map(response -> judge.evaluate(Exchange.of(example.instruction(), response)))
                .orElseGet(() -> judge.evaluateInstruction(example.instruction()));
    }

    /** Returns the lines that are complete. */
    private List<String> lines() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        byte[] bytes = Files.readAllBytes(file);
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                lines.add(decode(Arrays.copyOfRange(bytes, start, i)));
                start = i + 1;
            }
        }
        return lines;
    }

    private String decode(byte[] line) throws IOException {
        try {
            return Utf8.decode(line);
        } catch (MalformedUtf8Exception e) {
            throw malformed("must be UTF-8, but were not", e);
        }
    }

    /** Returns the position behind the last line feed. */
    private long completeBytes() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /**
     * Returns the rows of all examples.
     *
     * @throws IOException if the file cannot be read, or has other examples
     */
    List<StageRow> rows() throws IOException {
        List<String> lines = lines();
        if (lines.size() != examples.size() + 1) {
            throw malformed(
                    "must have a line for each of " + examples.size() + " examples, but had "
                            + Math.max(0, lines.size() - 1),
                    null);
        }
        try {
            Map<HeadKind, Double> temperatures = temperatures(read(lines.get(0)));
            List<StageRow> rows = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                rows.add(row(examples.get(i), read(lines.get(i + 1)), temperatures));
            }
            return rows;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw malformed("must have been written for these examples, but was not", e);
        }
    }

    private static Map<HeadKind, Double> temperatures(Map<String, Object> header) {
        Map<HeadKind, Double> temperatures = new LinkedHashMap<>();
        object(header.get(TEMPERATURES)).forEach((head, value) -> {
            double temperature = number(value).doubleValue();
            if (!(temperature > 0)) {
                throw new IllegalArgumentException("temperature must be above 0, but was " + temperature);
            }
            temperatures.put(HeadKind.valueOf(head.toUpperCase(Locale.ROOT)), temperature);
        });
        return temperatures;
    }

    private StageRow row(LabelledExample example, Map<String, Object> line, Map<HeadKind, Double> temperatures) {
        String key = line.get("source") + "/" + line.get("id");
        if (!key.equals(example.key())) {
            throw new IllegalArgumentException("example must be " + example.key() + ", but was " + key);
        }
        return StageRow.of(
                example,
                isUnseenQuestion.test(example),
                logits(line.get(WINDOWS), temperatures),
                temperatures,
                Assessment.fromJson(object(line.get(EMBEDDED))),
                Assessment.fromJson(object(line.get(EMBEDDED_BENCHMARK))));
    }

    private static List<float[]> logits(@Nullable Object windows, Map<HeadKind, Double> temperatures) {
        int outputs = temperatures.keySet().stream().mapToInt(HeadKind::outputs).sum();
        List<float[]> logits = new ArrayList<>();
        for (Object window : list(windows)) {
            List<?> numbers = list(window);
            if (numbers.size() != outputs) {
                throw new IllegalArgumentException(
                        "window must have " + outputs + " outputs, but had " + numbers.size());
            }
            float[] values = new float[outputs];
            for (int i = 0; i < outputs; i++) {
                values[i] = number(numbers.get(i)).floatValue();
                if (!Float.isFinite(values[i])) {
                    throw new IllegalArgumentException("logit must be finite, but was " + values[i]);
                }
            }
            logits.add(values);
        }
        if (logits.isEmpty()) {
            throw new IllegalArgumentException("example must have windows, but had none");
        }
        return logits;
    }

    private static Map<String, Object> read(String line) throws JsonProcessingException {
        return object(JSON.readValue(line, Object.class));
    }

    @SuppressWarnings("unchecked") // JSON's objects have strings for keys
    private static Map<String, Object> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return (Map<String, Object>) object;
        }
        throw new IllegalArgumentException("value must be an object, but was not");
    }

    private static List<?> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("value must be a list, but was not");
    }

    private static Number number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException("value must be a number, but was not");
    }

    private IOException malformed(String message, @Nullable Exception cause) {
        return new IOException("records " + message + ": delete the file (" + file + ")", cause);
    }
}
