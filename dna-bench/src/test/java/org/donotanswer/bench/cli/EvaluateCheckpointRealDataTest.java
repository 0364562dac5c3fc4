package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.speed.BenchmarkArchitecture;
import org.donotanswer.bench.speed.TinyCheckpoints;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.donotanswer.dataset.Response;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the command on all published responses, with real tokenizers and checkpoints of random weights. */
@RealData
class EvaluateCheckpointRealDataTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SAMPLE_STEP = 141;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"BERT, bert-uncased, 512, 0", "LONGFORMER, roberta-bpe, 4098, 64"})
    void publishedResponses_areAllJudged_asOneByOne(
            BenchmarkArchitecture architecture, String tokenizer, int positions, int window) throws IOException {
        Path data = RealDataDirectories.doNotAnswer();
        Path checkpoint = TinyCheckpoints.write(
                directory.resolve("tiny"),
                architecture,
                data.resolveSibling("tokenizers/" + tokenizer + "/tokenizer.json"),
                positions,
                window);
        List<Exchange> exchanges = DoNotAnswer.load(data).responses().stream()
                .map(EvaluateCheckpointRealDataTest::exchange)
                .toList();
        Path input = Files.writeString(directory.resolve("in.jsonl"), lines(exchanges));

        Run run = run("evaluate", "--input", input, "--model", checkpoint);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(5_634).hasSameSizeAs(exchanges);
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(checkpoint)) {
            for (int i = 0; i < exchanges.size(); i++) {
                JsonNode line = JSON.readTree(run.lines().get(i));
                assertThat(line.get("id").textValue()).isEqualTo(Integer.toString(i));
                if (line.get("status").textValue().equals("UNSCORED")) {
                    assertThat(line.get("reason").textValue()).isEqualTo("EMPTY_RESPONSE");
                    assertThat(exchanges.get(i).response()).isBlank();
                } else if (i % SAMPLE_STEP == 0) {
                    Assessment.Scored alone = (Assessment.Scored) evaluator.evaluate(exchanges.get(i));
                    assertThat(line.get("harmful").doubleValue())
                            .isCloseTo(alone.harmful().getAsDouble(), within(1e-5));
                    assertThat(line.get("truncated").booleanValue()).isEqualTo(alone.truncated());
                }
            }
        }
    }

    private static Exchange exchange(Response response) {
        return Exchange.of(response.question().text(), response.text());
    }

    private static String lines(List<Exchange> exchanges) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < exchanges.size(); i++) {
            lines.append(JSON.writeValueAsString(Map.of(
                            "id",
                            Integer.toString(i),
                            "instruction",
                            exchanges.get(i).instruction(),
                            "response",
                            exchanges.get(i).response())))
                    .append('\n');
        }
        return lines.toString();
    }

    private static Run run(Object... args) {
        return Run.with(InputStream.nullInputStream(), new ByteArrayOutputStream(), false, Run.models(), args);
    }
}
