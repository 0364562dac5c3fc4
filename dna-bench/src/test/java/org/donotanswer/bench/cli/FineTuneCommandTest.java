package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.donotanswer.bench.crossvalidation.Holdout;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.finetune.FineTuningOptions;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.Precision;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The trainer is a fake, which tells what it was given. */
class FineTuneCommandTest {
    @TempDir
    private Path directory;

    private Path base;
    private Path output;
    private final FakeEngine engine = new FakeEngine();

    @BeforeEach
    void writeBase() throws IOException {
        base = Files.createDirectories(directory.resolve("encoder"));
        Files.writeString(base.resolve("config.json"), "{}");
        output = directory.resolve("out");
    }

    /** Exchanges with 24 instructions, half of them risky; each has a refusal and a compliant response. */
    private Path csv() throws IOException {
        StringBuilder rows = new StringBuilder("instruction,response,harmful,risky,harm_type\n");
        for (int i = 0; i < 12; i++) {
            rows.append("Steal coin " + i + ",\"No, not coin " + i + ".\",0,1," + (i % 2 == 0 ? 1 : 4) + "\n");
            rows.append("Steal coin " + i + ",\"Sure, coin " + i + ": just run.\",1,1," + (i % 2 == 0 ? 1 : 4) + "\n");
            rows.append("Polish coin " + i + ",\"Use a cloth for coin " + i + ".\",0,0,\n");
            rows.append("Polish coin " + i + "!,\"No, not coin " + i + ".\",0,0,\n");
        }
        return Files.writeString(directory.resolve("own.csv"), rows);
    }

    private Run run(Object... more) throws IOException {
        List<Object> args = new ArrayList<>(List.of("finetune", "--base", base));
        if (!List.of(more).contains("--output")) {
            args.addAll(List.of("--output", output));
        }
        args.addAll(List.of(more));
        return Run.tuning(engine, args.toArray());
    }

    private FineTuningJob job(Object... more) throws IOException {
        Run run = run(more);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return engine.jobs.get(engine.jobs.size() - 1);
    }

    @Test
    void csv_defaults_areThoseOfThePaper() throws IOException {
        FineTuningJob job = job("--csv", csv(), "--threads", 2);

        assertThat(job.setup())
                .isEqualTo(ClassifierSetup.builder(base)
                        .heads(List.of(HeadKind.HARMFUL, HeadKind.INSTRUCTION_RISK, HeadKind.HARM_TYPE))
                        .maxTokens(FakeEngine.MAX_TOKENS)
                        .threads(2)
                        .build());
        assertThat(job.options()).isEqualTo(FineTuningOptions.builder().build());
        assertThat(job.form()).isEqualTo(FineTuner.Form.WHOLE);
        assertThat(job.data()).containsOnlyKeys("csv/own.csv");
        assertThat(job.directory()).isEqualTo(output);
    }

    @Test
    void options_reachTheTrainer() throws IOException {
        FineTuningJob job = job(
                "--csv",
                csv(),
                "--heads",
                "harm_type,harmful",
                "--head-weight",
                "harmful=2",
                "--model-input",
                "pair",
                "--epochs",
                5,
                "--batch",
                8,
                "--learning-rate",
                "1e-4",
                "--max-tokens",
                128,
                "--warm-up",
                0.2,
                "--weight-decay",
                0,
                "--label-smoothing",
                0.05,
                "--class-weights",
                "square-root",
                "--freeze-embeddings",
                "--freeze-layers",
                3,
                "--lora-rank",
                4,
                "--lora-targets",
                "query,value",
                "--delta",
                "--dropout",
                0.2,
                "--precision",
                "bfloat16",
                "--batch-tokens",
                999,
                "--patience",
                2,
                "--seed",
                7,
                "--save-every",
                11,
                "--threads",
                1);

        assertThat(job.setup())
                .isEqualTo(new ClassifierSetup(
                        base,
                        false,
                        List.of(HeadKind.HARM_TYPE, HeadKind.HARMFUL),
                        InputFormat.PAIR,
                        OptionalInt.of(128),
                        1,
                        0,
                        true,
                        3,
                        Optional.of(new ClassifierSetup.LowRank(4, 8, List.of("query", "value"))),
                        OptionalDouble.of(0.2),
                        Precision.BFLOAT16,
                        1,
                        7));
        assertThat(job.options())
                .isEqualTo(FineTuningOptions.builder()
                        .epochs(5)
                        .batchSize(8)
                        .learningRate(1e-4)
                        .warmUp(0.2)
                        .weightDecay(0)
                        .labelSmoothing(0.05)
                        .headWeight(HeadKind.HARMFUL, 2)
                        .classWeights(FineTuningOptions.ClassWeights.SQUARE_ROOT)
                        .patience(2)
                        .tokensPerPass(999)
                        .stepsPerSave(11)
                        .seed(7)
                        .build());
        assertThat(job.form()).isEqualTo(FineTuner.Form.DELTA);
    }

    @Test
    void summary_saysHowItWentAndHowToUseIt() throws IOException {
        Run run = run("--csv", csv(), "--heads", "harmful,instruction_risk", "--epochs", 1);

        assertThat(run.lines().subList(0, 5))
                .containsExactly(
                        "Note: the classifier reads at most 512 tokens rather than 2,048, as its base does.",
                        "Epoch 1 of 1: training loss 0.5000",
                        "  harmful: log loss 0.2500, accuracy 0.750, macro F1 0.700 on 4 examples held out",
                        "  instruction_risk: log loss 0.2500, accuracy 0.750, macro F1 0.700 on 4 examples held out",
                        "Note: weights that start at random: w.");
        assertThat(run.lines().get(5))
                .matches("Trained in .* s on 44 examples, with 4 held out: 2 steps, 1,234 weights; the best epoch is"
                        + " 1\\.");
        assertThat(run.lines().subList(6, 8))
                .containsExactly(
                        "Note: 3 examples have more than 512 tokens and were read in part.",
                        "Wrote " + output
                                + ", with the heads harmful, instruction_risk. To use it: dna evaluate --evaluator "
                                + output);
        assertThat(run.lines()).hasSize(8);
    }

    @Test
    void heldOut_shareNoInstructionWithTheTraining() throws IOException {
        FineTuningJob job = job("--csv", csv(), "--validation", 0.25);

        Set<String> trained = keys(job.training());
        assertThat(job.training()).hasSize(36);
        assertThat(job.heldOut()).hasSize(12);
        assertThat(keys(job.heldOut())).hasSize(6).doesNotContainAnyElementsOf(trained);
        assertThat(job.heldOut().stream().filter(example -> example.targets().containsKey(HeadKind.HARM_TYPE)))
                .as("half of the instructions are risky")
                .hasSize(6);
        assertThat(job("--csv", csv(), "--validation", 0.25, "--output", directory.resolve("b"), "--seed", 9)
                        .heldOut())
                .isNotEqualTo(job.heldOut());
    }

    private static Set<String> keys(List<FineTuningExample> examples) {
        return examples.stream()
                .map(example -> Holdout.key(example.instruction()))
                .collect(Collectors.toSet());
    }

    @Test
    void heldOut_none_isRemarkedOn() throws IOException {
        Run run = run("--csv", csv(), "--validation", 0);

        assertThat(run.out())
                .contains("Note: no examples are held out, so the last epoch is taken, and the probabilities are not"
                        + " calibrated.\n");
        assertThat(engine.jobs.get(0).heldOut()).isEmpty();
        assertThat(engine.jobs.get(0).training()).hasSize(48);
    }

    @Test
    void heldOut_neverTakesTheLastExampleOfALabel() throws IOException {
        StringBuilder rows = new StringBuilder("instruction,response,harmful\nonly,one,1\n");
        for (int i = 0; i < 9; i++) {
            rows.append("other" + i + ",two,0\n");
        }
        Path csv = Files.writeString(directory.resolve("rare.csv"), rows);

        for (int seed = 0; seed < 5; seed++) {
            FineTuningJob job =
                    job("--csv", csv, "--validation", 0.5, "--seed", seed, "--output", directory.resolve("s" + seed));
            assertThat(job.heldOut()).hasSize(5);
            assertThat(keys(job.training())).contains("only");
        }
    }

    @Test
    void benchmark_headsWithOneLabelOnly_areLeftOutWithARemark() throws IOException {
        Path data = TinyData.writeTo(directory.resolve("data"));

        Run run = run("--data", data);

        assertThat(engine.jobs.get(0).setup().heads()).containsExactly(HeadKind.HARMFUL, HeadKind.HARM_TYPE);
        assertThat(run.lines())
                .contains("Note: the head action is not trained, as there are examples of cannot assist 16, refute"
                        + " opinion 0, dual perspectives 0, cautious disclaimer 0, unable or uncertain 0, follow"
                        + " instruction 5.")
                .contains(
                        "Note: the head instruction_risk is not trained, as there are examples of harmless instruction"
                                + " 0, risky instruction 21.");
    }

    @Test
    void examples_withoutTheTextThatIsRead_areNotUsed() throws IOException {
        Path data = TinyData.writeTo(directory.resolve("data"));
        Path extra = TinyData.writeExtraTo(directory.resolve("extra"));

        Run run = run("--data", data, "--extra", extra, "--model-input", "response_only");

        assertThat(run.out())
                .contains("Note: 2 of 42 examples are not used, as they lack a label for the heads, or the text that it"
                        + " is about.\n");
        FineTuningJob job = engine.jobs.get(0);
        assertThat(job.setup().heads()).containsExactly(HeadKind.HARMFUL);
        assertThat(job.training())
                .allSatisfy(example -> assertThat(example.targets()).containsOnlyKeys(HeadKind.HARMFUL))
                .allMatch(example -> example.response().isPresent());
    }

    @Test
    void encoder_isWrittenIntoTheState_andOnlyOnce() throws IOException {
        Path written = output.resolve(".training/base/minilm");
        engine.jobsUntilStopped = 0;

        Run stopped = Run.tuning(engine, "finetune", "--base", "minilm", "--csv", csv(), "--output", output);
        engine.jobsUntilStopped = 9;
        Run resumed = Run.tuning(engine, "finetune", "--base", "minilm", "--csv", csv(), "--output", output);

        assertThat(stopped.err()).isEqualTo("dna finetune: the training was stopped\n");
        assertThat(stopped.exitCode()).isEqualTo(1);
        assertThat(resumed.err()).isEmpty();
        assertThat(engine.bases).containsExactly(written);
        assertThat(engine.jobs).hasSize(2).extracting(FineTuningJob::setup).allMatch(setup -> setup.base()
                .equals(written));
        assertThat(engine.jobs.get(0)).isEqualTo(engine.jobs.get(1));
    }

    @Test
    void output_thatHoldsSomethingElse_isRefusedBeforeAnythingIsRead() throws IOException {
        Files.createDirectories(output);
        Files.writeString(output.resolve("mine"), "mine");

        assertThat(run("--csv", "no.csv"))
                .isEqualTo(new Run(
                        1, "", "dna finetune: directory must be new or empty, but held mine (" + output + ")\n"));
        Path file = Files.writeString(directory.resolve("file"), "mine");
        assertThat(Run.tuning(engine, "finetune", "--base", base, "--csv", "no.csv", "--output", file)
                        .err())
                .isEqualTo("dna finetune: directory must be new or empty, but was a file (" + file + ")\n");
        assertThat(engine.jobs).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--epochs 0 | epochs must be from 1 to 1000, but was 0",
                "--learning-rate 0 | learningRate must be above 0.0 and below 1.0, but was 0.0",
                "--validation 0.6 | --validation must be from 0 to 0.5, but was 0.6",
                "--validation 0 --patience 1 | --patience must go with --validation above 0, but was with 0",
                "--heads harmful,harmful | --heads must name each head once, but was harmful,harmful",
                "--heads refusal --model-input instruction_only | --heads must be among instruction_risk, harm_type"
                        + " with --model-input INSTRUCTION_ONLY, but was refusal",
                "--heads harm_type --model-input response_only | --heads must be among harmful, refusal, action with"
                        + " --model-input RESPONSE_ONLY, but was harm_type",
                "--head-weight action=2 | --head-weight must be that of a head that is trained, but was action",
                "--class-weights even | Invalid value for option '--class-weights': must be none, square-root or"
                        + " balanced, but was 'even'",
                "--lora-alpha 8 | --lora-alpha must go with --lora-rank, but was without",
                "--lora-rank 0 | rank must be from 1 to 1024, but was 0",
                "--delta | --delta must go with --lora-rank, but was without",
                "--precision float16 | precision must be FLOAT32 or BFLOAT16, but was FLOAT16",
                "--max-tokens 2 | maxTokens must be at least 3, but was 2",
            })
    void wrongUsage_isReported(String options, String message) throws IOException {
        List<Object> args = new ArrayList<>(List.of("--csv", csv()));
        args.addAll(Splitter.on(' ').splitToList(options));

        assertThat(run(args.toArray()))
                .isEqualTo(new Run(2, "", "dna finetune: " + message + "\nTry 'dna finetune --help'.\n"));
        assertThat(engine.jobs).isEmpty();
        assertThat(output).doesNotExist();
    }

    @Test
    void wrongUsage_ofTheBase_isReported() throws IOException {
        assertThat(Run.of("finetune", "--base", "minilm", "--output", output).err())
                .startsWith("dna finetune: --data or --csv must be given, but was neither\n");
        assertThat(Run.of("finetune", "--csv", "x.csv", "--output", output).err())
                .startsWith("dna finetune: Missing required option: '--base=BASE'\n");
        assertThat(Run.of("finetune", "--base", "e5-small", "--from-scratch", "--csv", "x.csv", "--output", output)
                        .err())
                .startsWith(
                        "dna finetune: --from-scratch must go with a directory as the base, but was with e5-small\n");
        assertThat(Run.of(
                                "finetune",
                                "--base",
                                "minilm",
                                "--lora-rank",
                                4,
                                "--delta",
                                "--csv",
                                "x.csv",
                                "--output",
                                output)
                        .err())
                .startsWith("dna finetune: --delta must go with a base that is kept, but was minilm\n");
        assertThat(Run.of("finetune", "--base", "minilmm", "--csv", csv(), "--output", output))
                .isEqualTo(new Run(
                        1,
                        "",
                        "dna finetune: base must be a directory with a config.json, hf:OWNER/NAME[@REVISION], minilm,"
                                + " bge-small or e5-small (did you mean 'minilm'?), but was missing (minilmm)\n"));
        assertThat(output).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "harmful | harmful | data must have an example of each label of the head harmful, but had harmless 0,"
                        + " harmful 1",
                "harmful | action | data must have an example of each label of the head action, but had cannot assist"
                        + " 0, refute opinion 0, dual perspectives 0, cautious disclaimer 0, unable or uncertain 0, follow"
                        + " instruction 0",
                "harmful | '' | data must have an example of each label of a head, but had harmful: harmless 0,"
                        + " harmful 1",
            })
    void labels_missing_areNamedWithTheirCounts(String column, String heads, String message) throws IOException {
        Path csv = Files.writeString(directory.resolve("poor.csv"), "instruction,response," + column + "\ni,r,1\n");

        Run run = heads.isEmpty() ? run("--csv", csv) : run("--csv", csv, "--heads", heads);

        assertThat(run).isEqualTo(new Run(1, "", "dna finetune: " + message + "\n"));
        assertThat(output).doesNotExist();
    }

    @Test
    void fromScratch_needsADirectoryOnly() throws IOException {
        assertThat(job("--csv", csv(), "--from-scratch").setup().fromScratch()).isTrue();
    }
}
