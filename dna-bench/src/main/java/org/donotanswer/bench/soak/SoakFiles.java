package org.donotanswer.bench.soak;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;

/** Evaluates exchanges into files, as {@code dna evaluate} does. Used by one thread. */
final class SoakFiles {
    private static final int THREADS = 2;
    private static final TypeReference<Map<String, Object>> JSON_OBJECT = new TypeReference<>() {};

    private final JsonMapper mapper = new JsonMapper();
    private final Path file;

    SoakFiles(Path directory, int thread) {
        file = directory.resolve("results-" + thread + ".jsonl");
    }

    /** Writes the assessments of some exchanges to a file, reads them again, and compares them with the oracle. */
    void evaluate(SoakLoad load, List<OracleItem> items) throws IOException, InterruptedException {
        try (Output output = Output.file(file)) {
            write(load, items, output.stream());
            output.commit();
        }
        try {
            check(load, items, Files.readAllBytes(file));
        } finally {
            Files.delete(file);
        }
    }

    /** Writes the assessments of some exchanges to a stream that takes long, and compares them with the oracle. */
    void evaluateSlowly(SoakLoad load, List<OracleItem> items) throws IOException, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Output output = Output.standard(SlowDisk.slow(bytes))) {
            write(load, items, output.stream());
            output.commit();
        }
        check(load, items, bytes.toByteArray());
    }

    /** Checks that no file was left. */
    void requireNone() {
        SoakMismatchException.require(Files.notExists(file), "file of results was left");
    }

    private void write(SoakLoad load, List<OracleItem> items, OutputStream out)
            throws IOException, InterruptedException {
        new OrderedPipeline(THREADS, OrderedPipeline.Limits.ofText(THREADS))
                .run(
                        new ItemSource(items.iterator()),
                        item -> load.evaluator().evaluate(item.exchange()),
                        new OrderedPipeline.Sink<Assessment>() {
                            @Override
                            public void write(Assessment assessment) throws IOException {
                                out.write(line(assessment));
                            }

                            @Override
                            public void flush() throws IOException {
                                out.flush();
                            }
                        });
    }

    private byte[] line(Assessment assessment) throws IOException {
        return (mapper.writeValueAsString(assessment) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the lines that the oracle expects. */
    byte[] expected(List<OracleItem> items) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (OracleItem item : items) {
            bytes.write(line(item.assessment()));
        }
        return bytes.toByteArray();
    }

    private void check(SoakLoad load, List<OracleItem> items, byte[] bytes) throws IOException {
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        SoakMismatchException.require(lines.size() == items.size(), "file of results has another number of lines");
        for (int i = 0; i < lines.size(); i++) {
            load.oracle()
                    .check(items.get(i).assessment(), Assessment.fromJson(mapper.readValue(lines.get(i), JSON_OBJECT)));
        }
    }

    private record ItemSource(Iterator<OracleItem> items) implements OrderedPipeline.Source<OracleItem> {
        @Override
        public @Nullable OracleItem next() {
            return items.hasNext() ? items.next() : null;
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public long size(OracleItem item) {
            return item.exchange().response().length();
        }
    }
}
