package org.donotanswer.bench.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class EvaluationLogFuzzTest implements FuzzTests {
    private static final EvaluationFingerprint FINGERPRINT = new EvaluationFingerprint(
            Map.of("evaluator", "embedded"), List.of("a.jsonl", "b.jsonl"), List.of("out/a.jsonl", "out/b.jsonl"));

    static Stream<byte[]> logs() throws IOException {
        EvaluationState beginning = EvaluationState.beginning();
        beginning.counts().addBroken(Assessment.Unscored.of(UnscoredReason.INVALID_INPUT, "a.jsonl, line 3"));
        EvaluationState later = beginning.at(new ChunkEvaluation.Position(0, 200), 4000, List.of());
        EvaluationState next = later.nextPart().at(new ChunkEvaluation.Position(1, 7), 90, List.of(5000L));
        return Stream.of(written(), written(beginning), written(later), written(later, next));
    }

    private static byte[] written(EvaluationState... states) throws IOException {
        Path file = Seeds.directory("written").resolve("out.state");
        try (EvaluationLog log = EvaluationLog.create(file, FINGERPRINT)) {
            List<String> stamps = List.of("10 bytes", "20 bytes");
            for (int i = 0; i < states.length; i++) {
                log.append(stamps.subList(0, i + 1), states[i]);
            }
        }
        return Files.readAllBytes(file);
    }

    @MethodSource("logs")
    @FuzzTest
    void log(byte[] data) throws IOException {
        Path file = Seeds.file("out.state", data);

        Optional<EvaluationLog.Contents> read = ReaderContract.read(() -> EvaluationLog.read(file), IOException.class);

        if (read.isPresent()) {
            EvaluationLog.Contents contents = read.get();
            assertThat(contents.fingerprint().differences(contents.fingerprint(), Set.of()))
                    .isEmpty();
            EvaluationState state = contents.state().orElse(EvaluationState.beginning());
            assertThat(state.unnamed()).allMatch(size -> size >= 0);
            byte[] once = appended(file, contents, state);
            EvaluationLog.Contents again = EvaluationLog.read(file);
            assertThat(again.begun()).isEqualTo(contents.begun());
            assertThat(again.length()).isEqualTo(once.length);
        }
    }

    /** Goes on as an evaluation does that has nothing more to do, and returns what is in the log then. */
    private static byte[] appended(Path file, EvaluationLog.Contents contents, EvaluationState state)
            throws IOException {
        try (EvaluationLog log = EvaluationLog.open(file, contents)) {
            log.append(contents.begun(), state);
        }
        return Files.readAllBytes(file);
    }
}
