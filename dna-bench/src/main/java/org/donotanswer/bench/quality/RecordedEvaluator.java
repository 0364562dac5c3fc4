package org.donotanswer.bench.quality;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Output;
import org.donotanswer.internal.TemporaryFile;
import org.jspecify.annotations.Nullable;

/**
 * An evaluator that answers from a file of assessments, and from a model for what the file lacks. The model is made only if
 * it is needed. The file has the model's provenance, then a line for each exchange, without texts. Thread-safe.
 */
final class RecordedEvaluator implements SafetyEvaluator {
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    private static final String EXCHANGE = "exchange";

    private final Path file;
    private final Supplier<SafetyEvaluator> trainer;
    private final Provenance provenance;
    private final Map<String, Assessment> assessments = new LinkedHashMap<>();
    private @Nullable SafetyEvaluator model;
    private boolean isChanged;
    private boolean isClosed;

    private RecordedEvaluator(Path file, Supplier<SafetyEvaluator> trainer, List<Map<String, Object>> lines) {
        this.file = file;
        this.trainer = trainer;
        if (lines.isEmpty()) {
            model = trainer.get();
            provenance = model.provenance();
            return;
        }
        provenance = Provenance.fromJson(lines.get(0));
        lines.subList(1, lines.size())
                .forEach(line -> assessments.put(String.valueOf(line.get(EXCHANGE)), Assessment.fromJson(line)));
    }

    /**
     * Opens the file, or makes the model if there is none.
     *
     * @throws IOException if the file exists and cannot be read
     */
    static RecordedEvaluator open(Path file, Supplier<SafetyEvaluator> trainer) throws IOException {
        if (!Files.exists(file)) {
            return new RecordedEvaluator(file, trainer, List.of());
        }
        try (var lines = JSON.readerFor(MAP).<Map<String, Object>>readValues(file.toFile())) {
            List<Map<String, Object>> read = lines.readAll();
            if (read.contains(null)) {
                throw new IOException("line must be a JSON object, but was null");
            }
            return new RecordedEvaluator(file, trainer, read);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("predictions must be readable, but were not: delete the file (" + file + ")", e);
        }
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        return assess(key(exchange), evaluator -> evaluator.evaluate(exchange));
    }

    /** Evaluates together what the file lacks. */
    @Override
    public synchronized List<Assessment> evaluateAll(List<Exchange> exchanges) {
        Map<String, Exchange> missing = new LinkedHashMap<>();
        for (Exchange exchange : exchanges) {
            String key = key(exchange);
            if (!assessments.containsKey(key)) {
                missing.put(key, exchange);
            }
        }
        if (!isClosed && !missing.isEmpty()) {
            List<Assessment> found = model().evaluateAll(List.copyOf(missing.values()));
            List<String> keys = List.copyOf(missing.keySet());
            for (int i = 0; i < keys.size(); i++) {
                assessments.put(keys.get(i), found.get(i));
            }
            isChanged = true;
        }
        return SafetyEvaluator.super.evaluateAll(exchanges);
    }

    private static String key(Exchange exchange) {
        return "response/" + Fingerprint.of(exchange);
    }

    private SafetyEvaluator model() {
        if (model == null) {
            model = trainer.get();
        }
        return model;
    }

    @Override
    public Assessment evaluateInstruction(String instruction) {
        return assess(
                "instruction/" + Fingerprint.of(Exchange.of(instruction, "")),
                evaluator -> evaluator.evaluateInstruction(instruction));
    }

    private interface Evaluate {
        Assessment with(SafetyEvaluator evaluator);
    }

    private synchronized Assessment assess(String key, Evaluate evaluate) {
        if (isClosed) {
            throw new IllegalStateException("RecordedEvaluator is closed");
        }
        Assessment known = assessments.get(key);
        if (known != null) {
            return known;
        }
        Assessment assessment = evaluate.with(model());
        assessments.put(key, assessment);
        isChanged = true;
        return assessment;
    }

    @Override
    public String name() {
        return provenance.name() + " " + provenance.version();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /**
     * Writes the file if there is something new.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (model != null) {
            model.close();
        }
        try {
            if (isChanged) {
                save();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void save() throws IOException {
        try (Output output = Output.replacing(file)) {
            write(output, provenance.toJson());
            for (Map.Entry<String, Assessment> entry : assessments.entrySet()) {
                Map<String, Object> line = new LinkedHashMap<>(Map.of(EXCHANGE, entry.getKey()));
                line.putAll(entry.getValue().toJson());
                write(output, line);
            }
            output.commit();
        } catch (TemporaryFile.InUseException e) {
            // Another process keeps the predictions of the same training.
            return;
        }
    }

    private static void write(Output output, Map<String, Object> line) throws IOException {
        output.stream().write((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
