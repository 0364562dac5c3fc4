package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.base.Splitter;
import com.google.common.collect.ObjectArrays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.HarmType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossValidateCommandTest {
    @TempDir
    private Path directory;

    private Path data;
    private Path extra;

    @BeforeEach
    void write() {
        data = TinyData.writeTo(directory.resolve("data"));
        extra = TinyData.writeExtraTo(directory.resolve("extra"));
    }

    private static JsonNode at(JsonNode json, String... path) {
        JsonNode node = json;
        for (String name : path) {
            assertThat(node.has(name)).as(name).isTrue();
            node = node.get(name);
        }
        return node;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void json_hasTheShapeOfTheArchitecture() throws IOException {
        Path json = directory.resolve("cv.json");

        Run run = Run.of("cross-validate", "--data", data, "--extra", extra, "--json", json, "--threads", 2);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        JsonNode report = new JsonMapper().readTree(json.toFile());
        for (String protocol : List.of("unseen-llm", "unseen-llm-and-question")) {
            JsonNode judges = at(report, "protocols", protocol);
            assertThat(names(judges)).containsExactly("embedded", "GPT4");
            for (String judge : List.of("embedded", "GPT4")) {
                assertThat(names(at(judges, judge, "action"))).startsWith("accuracy", "macroF1");
                assertThat(names(at(judges, judge, "harmful")))
                        .startsWith("accuracy", "macroF1")
                        .contains("precision", "recall", "f1");
                assertThat(names(at(judges, judge, "harmful", "folds"))).containsExactly("alpha", "beta", "gamma");
            }
            // The fake flags exactly the responses that contain "harm": five of six harmful ones, and no other.
            assertThat(at(judges, "embedded", "harmful", "precision").doubleValue())
                    .isEqualTo(1);
            assertThat(at(judges, "embedded", "harmful", "recall").doubleValue())
                    .isEqualTo(5 / 6.0);
            assertThat(at(judges, "embedded", "calibration", "answers").intValue())
                    .isEqualTo(21);
            assertThat(at(judges, "GPT4", "unscored").intValue()).isEqualTo(1);
        }
        assertThat(at(report, "training", "unseen-llm-and-question", "trainings")
                        .intValue())
                .isEqualTo(9);
        assertThat(names(at(report, "harmType"))).startsWith("accuracy", "macroF1");
        assertThat(at(report, "provenance", "seed").intValue()).isEqualTo(42);
        assertThat(at(report, "provenance", "data")).hasSize(1 + 3 * 3 + 3);
    }

    @Test
    void injectionData_isTrainedOnInEveryFold() throws IOException {
        Path json = directory.resolve("cv.json");
        Path texts = TinyData.writeInjectionDataTo(directory.resolve("texts"));

        Run run = Run.of("cross-validate", "--data", data, "--extra", extra, texts, "--json", json);

        assertThat(run.err()).isEmpty();
        JsonNode report = new JsonMapper().readTree(json.toFile());
        assertThat(names(at(report, "provenance", "data"))).contains("texts/inbox.jsonl");
    }

    @Test
    void json_hasTheKeysOfItsContract() throws IOException {
        Path json = directory.resolve("cv.json");

        Run run = Run.of("cross-validate", "--data", data, "--extra", extra, "--json", json);

        assertThat(run.exitCode()).isZero();
        JsonNode report = new JsonMapper().readTree(json.toFile());
        String[] scores = {"accuracy", "macroF1", "macroPrecision", "macroRecall"};
        String[] task = {"macroF1Interval", "standardDeviation", "folds"};
        assertThat(names(report)).containsExactly("protocols", "benign", "harmType", "training", "provenance");
        JsonNode judges = at(report, "protocols", "unseen-llm");
        JsonNode embedded = at(judges, "embedded");
        assertThat(names(embedded)).containsExactly("action", "harmful", "unscored", "comparisons", "calibration");
        assertThat(names(at(judges, "GPT4"))).containsExactly("action", "harmful", "unscored", "scoredOnly");
        assertThat(names(at(embedded, "action")))
                .startsWith(ObjectArrays.concat(scores, task, String.class))
                .endsWith("classes")
                .hasSize(8);
        assertThat(names(at(embedded, "action", "classes", "REFUTE_OPINION")))
                .containsExactly("precision", "recall", "f1", "f1Interval", "support");
        assertThat(names(at(embedded, "action", "classes"))).hasSize(6);
        assertThat(names(at(embedded, "harmful")))
                .startsWith(ObjectArrays.concat(scores, task, String.class))
                .endsWith(
                        "precision",
                        "precisionInterval",
                        "recall",
                        "recallInterval",
                        "f1",
                        "f1Interval",
                        "truePositives",
                        "falsePositives",
                        "falseNegatives")
                .hasSize(16);
        assertThat(at(embedded, "harmful", "f1Interval").isArray()).isTrue();
        assertThat(names(at(embedded, "harmful", "standardDeviation"))).containsExactly(scores);
        assertThat(names(at(embedded, "harmful", "folds", "alpha"))).containsExactly(scores);
        JsonNode comparison = at(embedded, "comparisons", "GPT4");
        assertThat(names(comparison))
                .containsExactly("actionMacroF1", "harmfulMacroF1", "harmfulF1", "actionMcNemar", "harmfulMcNemar");
        assertThat(names(at(comparison, "harmfulF1"))).containsExactly("difference", "interval", "pValue");
        assertThat(at(comparison, "harmfulF1", "interval").isArray()).isTrue();
        assertThat(names(at(comparison, "actionMcNemar"))).containsExactly("onlyThisRight", "onlyOtherRight", "pValue");
        assertThat(names(at(embedded, "calibration")))
                .containsExactly(
                        "answers",
                        "expectedCalibrationError",
                        "expectedCalibrationErrorEqualMass",
                        "brier",
                        "auc",
                        "bins");
        assertThat(names(at(embedded, "calibration", "bins").get(0)))
                .containsExactly("lower", "upper", "count", "meanProbability", "observedShare");
        assertThat(names(at(report, "benign")))
                .containsExactly(
                        "flagged",
                        "takenForRisky",
                        "unscored",
                        "aucHarmfulAgainstBenign",
                        "caughtAtOnePercentFalseAlarms");
        assertThat(names(at(report, "benign", "flagged", "unseenLlm")))
                .containsExactly("flagged", "of", "share", "interval");
        assertThat(at(report, "benign", "flagged", "unseenLlm", "interval").isArray())
                .isTrue();
        assertThat(names(at(report, "harmType")))
                .startsWith(scores)
                .endsWith("standardDeviation", "riskArea", "questionsTakenForRisky", "types")
                .hasSize(8);
        assertThat(names(at(report, "harmType", "types", HarmType.SENSITIVE_ORGANIZATION_INFORMATION.name())))
                .containsExactly("precision", "recall", "f1", "support");
        assertThat(names(at(report, "harmType", "types"))).hasSize(12);
        assertThat(names(at(report, "training", "unseen-llm")))
                .containsExactly("trainings", "seconds", "examplesOfFirst", "modelOfFirst");
    }

    /** No everyday response contains "harm"; all responses with alarming words do. */
    @Test
    void json_tellsFalseAlarms() throws IOException {
        Path json = directory.resolve("cv.json");

        Run run = Run.of("cross-validate", "--data", data, "--extra", extra, "--json", json);

        assertThat(run.exitCode()).isZero();
        JsonNode benign = new JsonMapper().readTree(json.toFile()).get("benign");
        assertThat(share(benign, "flagged", "unseenLlm")).isEqualTo(new Proportion(0, 15));
        assertThat(share(benign, "flagged", "unseenInstruction")).isEqualTo(new Proportion(0, 15));
        assertThat(share(benign, "flagged", "unseenLlmAndInstruction")).isEqualTo(new Proportion(0, 5));
        assertThat(share(benign, "flagged", "hardUnseenInstruction")).isEqualTo(new Proportion(4, 4));
        assertThat(share(benign, "takenForRisky", "unseenInstruction")).isEqualTo(new Proportion(0, 5));
        assertThat(share(benign, "takenForRisky", "hardUnseenInstruction")).isEqualTo(new Proportion(0, 4));
    }

    private static Proportion share(JsonNode json, String... path) {
        JsonNode share = at(json, path);
        return new Proportion(share.get("flagged").longValue(), share.get("of").longValue());
    }

    @Test
    void sameSeed_anyThreads_sameFigures() throws IOException {
        List<String> reports = new ArrayList<>();
        for (int threads : new int[] {1, 3}) {
            Path markdown = directory.resolve("cv.md");
            Run run = Run.of(
                    "cross-validate",
                    "--data",
                    data,
                    "--extra",
                    extra,
                    "--markdown",
                    markdown,
                    "--overwrite",
                    "--threads",
                    threads);
            reports.add(run.out() + Files.readString(markdown));
        }

        assertThat(reports.get(0)).isEqualTo(reports.get(1));
    }

    @Test
    void tables_fitATerminal() throws IOException {
        Path markdown = directory.resolve("cv.md");

        Run run = Run.of("cross-validate", "--data", data, "--extra", extra, "--markdown", markdown);

        assertThat(run.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(run.out())
                .contains(
                        "== unseen-llm ==",
                        "Protocol: train",
                        "GPT-4, if scored",
                        "== False alarms ==",
                        "12 harm types");
        assertThat(Files.readString(markdown))
                .startsWith("# Cross-validation\n")
                .contains("## unseen-llm\n", "## unseen-llm-and-question\n", "## False alarms\n", "## Provenance\n")
                .contains("| GPT-4, if scored (1 are not) |");
    }

    @Test
    void trainer_getsWhatThePlanLeaves() {
        List<List<TrainingExample>> seen = Collections.synchronizedList(new ArrayList<>());
        ModelTrainer trainer = (examples, seed) -> {
            assertThat(seed).isEqualTo(5);
            seen.add(List.copyOf(examples));
            return new FakeEvaluator();
        };

        Run run = Run.training(
                trainer, "cross-validate", "--data", data, "--seed", 5, "--protocol", "unseen-llm", "--threads", 1);

        assertThat(run.exitCode()).isZero();
        assertThat(seen).hasSize(3).allSatisfy(examples -> assertThat(examples).hasSize(14));
        assertThat(run.out()).doesNotContain("== False alarms", "harm types", "== unseen-llm-and-question");
    }

    @Test
    void predictions_haveNoText() throws IOException {
        Path predictions = directory.resolve("p.jsonl");

        Run run = Run.of("cross-validate", "--data", data, "--extra", extra, "--predictions", predictions);

        assertThat(run.exitCode()).isZero();
        List<String> lines = Files.readAllLines(predictions);
        // 21 answers twice; 15 everyday exchanges of the LLM, 15 of the instruction, 5 being both; 4 with alarming
        // words
        assertThat(lines).hasSize(2 * 21 + 15 + 15 - 5 + 4);
        assertThat(lines.get(0))
                .startsWith("{\"protocol\":\"unseen-llm\",\"fold\":\"alpha\",\"llm\":\"alpha\",\"questionId\":0,"
                        + "\"goldHarmful\":false,\"goldAction\":\"CANNOT_ASSIST\",");
        assertThat(String.join("", lines)).doesNotContain("spoon", "says", "song", "bug");
    }

    @Test
    void wrongUsage_isReportedAtOnce() {
        assertThat(Run.of("cross-validate").err())
                .startsWith("dna cross-validate: Missing required option: '--data=DIR'");
        assertThat(Run.of("cross-validate", "--data", data, "--protocol", "paper"))
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                "dna cross-validate: --protocol must be unseen-llm, unseen-llm-and-question, both,"
                                        + " unseen-question or unseen-source, but was paper\nTry 'dna cross-validate --help'.\n"));
        Path same = directory.resolve("out");
        assertThat(Run.of("cross-validate", "--data", data, "--json", same, "--markdown", same)
                        .err())
                .startsWith("dna cross-validate: output files must differ, but was " + same + " twice\n");
    }

    @Test
    void dataMissing_isOneLine() {
        Path missing = directory.resolve("missing");

        assertThat(Run.of("cross-validate", "--data", missing).err())
                .isEqualTo("dna cross-validate: file must exist, but was missing (" + missing + ")\n");
        assertThat(Run.of("cross-validate", "--data", extra).err())
                .isEqualTo(
                        "dna cross-validate: directory must hold Instruction/do_not_answer_en.csv or data_en.csv, but had"
                                + " neither (" + extra + ")\n");
    }

    @Test
    void outputDirectoryMissing_isReportedBeforeTraining() {
        Path json = directory.resolve("missing/cv.json");
        ModelTrainer trainer = (examples, seed) -> {
            throw new AssertionError("nothing must be trained");
        };

        Run run = Run.training(trainer, "cross-validate", "--data", data, "--json", json);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("directory of the output must exist");
    }

    private Run tuned(FakeEngine engine, Object... more) throws IOException {
        Path base = Files.createDirectories(directory.resolve("encoder"));
        Files.writeString(base.resolve("config.json"), "{}");
        List<Object> args = new ArrayList<>(List.of(
                "cross-validate",
                "--data",
                data,
                "--extra",
                extra,
                "--finetune",
                base,
                "--heads",
                "harmful",
                "--work",
                directory.resolve("work")));
        args.addAll(List.of(more));
        return Run.tuning(engine, args.toArray());
    }

    @Test
    void finetune_modelUnderTest_isNamedBesideThePublishedOnes() throws IOException {
        Path json = directory.resolve("cv.json");
        FakeEngine engine = new FakeEngine();

        Run run = tuned(engine, "--protocol", "unseen-llm", "--json", json, "--model-name", "tiny");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode report = new JsonMapper().readTree(json.toFile());
        assertThat(names(at(report, "protocols", "unseen-llm"))).containsExactly("tiny", "GPT4");
        assertThat(at(report, "protocols", "unseen-llm", "tiny", "harmful", "recall")
                        .doubleValue())
                .isEqualTo(5 / 6.0);
        assertThat(at(report, "provenance", "parameters", "base").textValue()).endsWith("encoder");
        assertThat(engine.jobs)
                .extracting(job -> directory.relativize(job.directory()).toString())
                .containsExactly(
                        "work/unseen-llm/alpha/classifier",
                        "work/unseen-llm/beta/classifier",
                        "work/unseen-llm/gamma/classifier");
        assertThat(run.err())
                .contains("unseen-llm/alpha: Epoch 1 of 3: training loss 0.5000\n", "at most 512 tokens rather than");
    }

    @Test
    void finetune_validation_isOfTheTrainingPart() throws IOException {
        FakeEngine engine = new FakeEngine();

        tuned(engine, "--protocol", "unseen-llm-and-question", "--fold", "beta", "--validation", 0.3);

        assertThat(engine.jobs).hasSize(3).allSatisfy(job -> {
            assertThat(job.heldOut()).isNotEmpty();
            assertThat(Stream.concat(job.training().stream(), job.heldOut().stream()))
                    .noneMatch(example -> example.response().orElse("").contains("beta"));
        });
    }

    @Test
    void finetune_stopped_resumesAtTheFoldThatIsLeft() throws IOException {
        FakeEngine engine = new FakeEngine();
        engine.jobsUntilStopped = 1;

        Run stopped = tuned(engine, "--protocol", "unseen-llm");
        engine.jobsUntilStopped = 9;
        Run resumed = tuned(engine, "--protocol", "unseen-llm");
        Run again = tuned(engine, "--protocol", "unseen-llm");

        assertThat(stopped.exitCode()).isEqualTo(1);
        assertThat(stopped.err()).endsWith("dna cross-validate: the training was stopped (fold unseen-llm/beta)\n");
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(engine.jobs)
                .extracting(job -> String.valueOf(job.directory().getParent().getFileName()))
                .containsExactly("alpha", "beta", "beta", "gamma");
        assertThat(again.out()).isEqualTo(resumed.out());
    }

    @Test
    void finetune_otherSettings_areRefused() throws IOException {
        FakeEngine engine = new FakeEngine();
        tuned(engine, "--fold", "alpha", "--protocol", "unseen-llm");

        Run other = tuned(engine, "--fold", "alpha", "--protocol", "unseen-llm", "--epochs", 4);

        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err())
                .endsWith(
                        "dna cross-validate: settings must be those with which the fold began, but differ in options ("
                                + directory.resolve("work/unseen-llm/alpha/fold.json")
                                + "); use another directory or the same settings\n");
    }

    @Test
    void fold_named_isTheOnlyOne() throws IOException {
        Path predictions = directory.resolve("p.jsonl");

        Run run = Run.of("cross-validate", "--data", data, "--fold", "beta", "--predictions", predictions);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Files.readAllLines(predictions)).hasSize(14).allMatch(line -> line.contains("\"llm\":\"beta\""));
        assertThat(run.out()).contains("1 trainings", "7 responses tested");
        assertThat(Run.of("cross-validate", "--data", data, "--fold", "delta").err())
                .startsWith("dna cross-validate: --fold must be one of alpha, beta, gamma, alpha/1,");
    }

    @Test
    void unseenQuestion_holdsNoLlmOut() throws IOException {
        Path json = directory.resolve("cv.json");

        Run run =
                Run.of("cross-validate", "--data", data, "--protocol", "unseen-question", "--folds", 2, "--json", json);

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode report = new JsonMapper().readTree(json.toFile());
        assertThat(names(at(report, "protocols"))).containsExactly("unseen-question");
        assertThat(at(report, "training", "unseen-question", "trainings").intValue())
                .isEqualTo(2);
        assertThat(run.out()).contains("Actions by LLM: accuracy.").doesNotContain("held out: accuracy");
    }

    @Test
    void unseenSource_testsWhatTheClassifierWasNotTrainedOn() throws IOException {
        Path json = directory.resolve("cv.json");
        Path predictions = directory.resolve("p.jsonl");
        FakeEngine engine = new FakeEngine();

        Run run = tuned(
                engine, "--protocol", "unseen-source", "--folds", 2, "--json", json, "--predictions", predictions);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.err())
                .contains("data must have an example of each label of the head harmful, but had harmless")
                .endsWith("(fold unseen-source/do-not-answer)\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--epochs 2 | --epochs must go with --finetune, but was without",
                "--work w | --work must go with --finetune, but was without",
                "--finetune minilm | --finetune must go with --work, but was without",
                "--finetune minilm --work w --model-name GPT4 | --model-name must have letters, digits and . _ - only, and"
                        + " not be that of published reviews, but was GPT4",
                "--protocol unseen-source | --protocol unseen-source must go with --finetune, but was without",
                "--folds 1 | --folds must be at least 2, but was 1",
                "--protocol unseen-question --folds 99 | folds must be in 2..6 (the number of groups), but was 99",
            })
    void wrongUsage_ofFineTuningAndFolds_isReported(String options, String message) {
        List<Object> args = new ArrayList<>(List.of("cross-validate", "--data", data));
        args.addAll(Splitter.on(' ').splitToList(options));

        assertThat(Run.of(args.toArray()))
                .isEqualTo(new Run(2, "", "dna cross-validate: " + message + "\nTry 'dna cross-validate --help'.\n"));
    }

    @Test
    void oneLlmOnly_isAnError() throws IOException {
        for (String directoryOfFiles : List.of("Response", "Review/Human", "Review/GPT4")) {
            try (Stream<Path> files = Files.list(data.resolve(directoryOfFiles))) {
                for (Path file : files.toList()) {
                    if (!file.toString().contains("alpha")) {
                        Files.delete(file);
                    }
                }
            }
        }

        assertThat(Run.of("cross-validate", "--data", data).err())
                .isEqualTo("dna cross-validate: data must have human labels for at least 2 LLMs, but was for 1 (" + data
                        + ")\n");
    }
}
