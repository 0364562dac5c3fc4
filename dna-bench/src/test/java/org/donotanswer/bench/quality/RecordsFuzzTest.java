package org.donotanswer.bench.quality;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordsFuzzTest implements FuzzTests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<TrainingExample> EXAMPLES =
            List.of(TrainingExample.builder("Boil an egg").harmful(false).build());

    static Stream<byte[]> predictions() throws IOException {
        Map<String, Object> line = new LinkedHashMap<>(Map.of("exchange", "response/0"));
        line.putAll(Assessment.Scored.builder("a").harmful(0.5).build().toJson());
        return Seeds.texts(JSON.writeValueAsString(
                        Provenance.builder("a", "1").build().toJson()) + "\n" + JSON.writeValueAsString(line) + "\n");
    }

    @MethodSource("predictions")
    @FuzzTest
    void predictions(byte[] data) throws IOException {
        Path file = Seeds.file("predictions.jsonl", data);

        ReaderContract.read(
                () -> RecordedEvaluator.open(file, () -> {
                    throw new IllegalArgumentException("trainer must not be asked if there are lines, but was");
                }),
                IOException.class);
    }

    static Stream<byte[]> folds() throws IOException {
        Path directory = Seeds.directory("begun");
        ReaderContract.read(() -> folds(directory).train("fold", EXAMPLES, 1), UncheckedIOException.class);
        return Stream.concat(
                Stream.of(Files.readAllBytes(directory.resolve("fold/fold.json"))),
                Seeds.texts("{\"engine\":\"cpu\",\"examples\":\"other\"}"));
    }

    @MethodSource("folds")
    @FuzzTest
    void fold(byte[] data) throws IOException {
        Path directory = Seeds.file("folds/fold/fold.json", data).getParent().getParent();

        ReaderContract.read(() -> folds(directory).train("fold", EXAMPLES, 1), UncheckedIOException.class);
    }

    private static FoldDirectories folds(Path directory) {
        return FoldDirectories.of(
                (fold, examples, seed, home) -> {
                    throw new IOException("fold must not be trained, but was");
                },
                Map.of("engine", "cpu", "seed", "1"),
                directory);
    }
}
