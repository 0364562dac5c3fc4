package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class EvaluationStateFuzzTest implements FuzzTests {
    static Stream<byte[]> states() throws IOException {
        EvaluationState beginning = EvaluationState.beginning(Map.of("evaluator", "embedded", "input", "in.jsonl"));
        beginning.counts().addBroken(Assessment.Unscored.of(UnscoredReason.INVALID_INPUT, "in.jsonl, line 3"));
        EvaluationState later = beginning.at(new ChunkEvaluation.Position(1, 200), 4000);
        return Stream.of(written(beginning), written(later), written(later.nextPart()));
    }

    private static byte[] written(EvaluationState state) throws IOException {
        Path file = Seeds.directory("written").resolve("out.state");
        state.write(file);
        return Files.readAllBytes(file);
    }

    @MethodSource("states")
    @FuzzTest
    void state(byte[] data) throws IOException {
        Path file = Seeds.file("out.state", data);

        Optional<EvaluationState> read = ReaderContract.read(() -> EvaluationState.read(file), IOException.class);

        if (read.isPresent()) {
            byte[] bytes = written(read.get());
            EvaluationState again = EvaluationState.read(Seeds.file("again.state", bytes));
            assertThat(written(again)).isEqualTo(bytes);
            assertThat(again.differences(read.get().settings())).isEmpty();
        }
    }
}
