package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.harness.annotate.SampleRuns;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

class OutputRuleTest {
    /** All commands with what they write; those with "" write nothing, or only into the runs that are their arguments. */
    private static final Map<String, String> WRITTEN = Map.ofEntries(
            Map.entry("evaluate", "--output RESUMED"),
            Map.entry("measure", "--cache CONTINUED, --output FILE"),
            Map.entry("compare", "--cache CONTINUED, --json FILE, --markdown FILE"),
            Map.entry("collect", "--output CONTINUED"),
            Map.entry("judge", "--cache CONTINUED"),
            Map.entry("annotate export", "--output DIRECTORY"),
            Map.entry("annotate import", ""),
            Map.entry("annotate agreement", "--json FILE"),
            Map.entry("annotate disagreements", "--output FILE"),
            Map.entry("annotate adjudicate", ""),
            Map.entry("annotate mismatches", "--json FILE"),
            Map.entry("report", "--output DIRECTORY"),
            Map.entry("import", "--output CONTINUED"),
            Map.entry("export", "--output FILE"),
            Map.entry("expand-templates", "--output FILE"),
            Map.entry("train", "--output FILE"),
            Map.entry("finetune", "--output CONTINUED"),
            Map.entry("train-encoder", "--json FILE, --markdown FILE, --output FILE, --work CONTINUED"),
            Map.entry("distil", "--output CONTINUED, --state CONTINUED"),
            Map.entry("extend", "--output DIRECTORY"),
            Map.entry("merge", "--output DIRECTORY"),
            Map.entry("tune-policy", "--output FILE"),
            Map.entry("cross-validate", "--json FILE, --markdown FILE, --predictions FILE, --work CONTINUED"),
            Map.entry("quality", "--json FILE, --output FILE, --state CONTINUED"),
            Map.entry("benchmark", "--json FILE"),
            Map.entry("benchmark-transformer", "--json FILE, --markdown FILE, --work CONTINUED"),
            Map.entry("benchmark-finetune", "--json FILE, --markdown FILE, --work CONTINUED"),
            Map.entry("benchmark-encoder", "--json FILE, --markdown FILE"),
            Map.entry("benchmark-guardrails", "--json FILE"),
            Map.entry("soak", "--output FILE"),
            Map.entry("generate-completion", ""),
            Map.entry("help", ""));

    @TempDir
    private Path directory;

    private static void collect(CommandLine command, String prefix, Map<String, String> written) {
        command.getSubcommands().forEach((name, subcommand) -> {
            if (!subcommand.getSubcommands().isEmpty()) {
                collect(subcommand, prefix + name + " ", written);
                return;
            }
            written.put(
                    prefix + name,
                    subcommand.getCommandSpec().options().stream()
                            .filter(option -> OutputRule.target(option).isPresent())
                            .map(option -> option.longestName() + " "
                                    + OutputRule.target(option).orElseThrow().value())
                            .sorted()
                            .collect(Collectors.joining(", ")));
        });
    }

    private static CommandLine dna() {
        Streams streams = new Streams(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                false);
        return Dna.commandLine(
                streams,
                choice -> new FakeEvaluator(),
                (examples, seed) -> new FakeEvaluator(),
                (examples, seed) -> new FakeEvaluator(),
                new FakeEngine());
    }

    /** A new command, or a new output, must be added here, and to the tests of killed commands. */
    @Test
    void everyOutputOfEveryCommand_isKnown() {
        Map<String, String> written = new TreeMap<>();
        collect(dna(), "", written);

        assertThat(written).containsExactlyInAnyOrderEntriesOf(WRITTEN);
    }

    @Test
    void everyOptionThatNamesAFileToWrite_isMarked() {
        for (CommandLine command : commands(dna())) {
            for (ArgSpec argument : command.getCommandSpec().options()) {
                String description = String.join(" ", argument.description());
                boolean writes = description.matches("(?i)([a-z]+ )*(file|directory) to (write|which).*");
                assertThat(OutputRule.target(argument).isPresent() || !writes)
                        .as(command.getCommandName() + ": " + description)
                        .isTrue();
            }
        }
    }

    private static List<CommandLine> commands(CommandLine command) {
        List<CommandLine> commands = new ArrayList<>(List.of(command));
        command.getSubcommands().values().forEach(subcommand -> commands.addAll(commands(subcommand)));
        return commands;
    }

    /** Returns the words, in which names with a dot become files of the directory, and RUN a run. */
    private Object[] args(String words) throws IOException {
        if (words.contains("RUN")) {
            SampleRuns.create(directory.resolve("RUN"), "model-a", 3);
        }
        return Arrays.stream(words.split(" ", -1))
                .map(word -> (word.contains(".") && !word.startsWith("0"))
                                || List.of("RUN", "DIR", "OTHER").contains(word)
                        ? directory.resolve(word)
                        : word)
                .toArray();
    }

    private static Object[] append(Object[] args, Object... more) {
        return Stream.concat(Arrays.stream(args), Arrays.stream(more)).toArray();
    }

    private static void failed(Run run, int exitCode, String message) {
        assertThat(run.err().lines().findFirst()).contains(message);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
    }

    /** The inputs do not exist: nothing is read before the outputs are checked. */
    @ParameterizedTest
    @CsvSource({
        "evaluate, evaluate --input no.jsonl --output, .jsonl",
        "evaluate, evaluate --output, .jsonl",
        "measure, measure --input no.csv --output, .json",
        "compare, compare --evaluator embedded --input no.jsonl --json, .json",
        "compare, compare --evaluator embedded --input no.jsonl --markdown, .md",
        "export, export NO --output, .csv",
        "expand-templates, expand-templates --templates no.csv --values no.json --output, .jsonl",
        "annotate export, annotate export NO --format csv --output, .csv",
        "annotate agreement, annotate agreement NO --json, .json",
        "annotate disagreements, annotate disagreements NO --output, .csv",
        "annotate mismatches, annotate mismatches NO --json, .json",
        "train, train --csv no.csv --output, .dna",
        "tune-policy, tune-policy --input no.jsonl --false-block-rate 0.1 --output, .yaml",
        "cross-validate, cross-validate --data NO --json, .json",
        "cross-validate, cross-validate --data NO --markdown, .md",
        "cross-validate, cross-validate --data NO --predictions, .jsonl",
        "quality, quality --data NO --regression NO --output, .md",
        "quality, quality --data NO --regression NO --json, .json",
        "benchmark, benchmark --json, .json",
        "benchmark-transformer, benchmark-transformer --markdown, .md",
        "benchmark-transformer, benchmark-transformer --json, .json",
        "benchmark-finetune, benchmark-finetune --markdown, .md",
        "benchmark-finetune, benchmark-finetune --json, .json",
        "benchmark-encoder, benchmark-encoder --model NO --data NO --markdown, .md",
        "benchmark-encoder, benchmark-encoder --model NO --data NO --json, .json",
        "benchmark-guardrails, benchmark-guardrails --json, .json"
    })
    void existingOutput_isRefusedBeforeAnythingIsRead(String command, String words, String extension)
            throws IOException {
        Path output = Files.writeString(directory.resolve("mine" + extension), "mine");

        Run run = Run.of(append(args(words), output));

        failed(
                run,
                2,
                "dna " + command + ": output must not exist, but did (" + output + "); replace it by --overwrite");
        assertThat(output).hasContent("mine");
    }

    @ParameterizedTest
    @CsvSource({
        "evaluate --input in.jsonl --overwrite --output, --input",
        "measure --input in.jsonl --overwrite --output, --input",
        "compare --evaluator embedded --input in.jsonl --overwrite --markdown, --input",
        "expand-templates --templates in.csv --values no.json --overwrite --output, --templates",
        "expand-templates --templates no.csv --values in.json --overwrite --output, --values",
        "annotate mismatches --data in.csv --overwrite --json, --data",
        "train --csv in.csv --overwrite --output, --csv",
        "tune-policy --input in.jsonl --false-block-rate 0.1 --overwrite --output, --input",
        "tune-policy --input no.jsonl --policy in.json --false-block-rate 0.1 --overwrite --output, --policy",
        "evaluate a b --evaluator in.dna --overwrite --output, --evaluator",
        "measure --input no.jsonl --evaluator in.dna --overwrite --output, --evaluator",
        "cross-validate --data in.csv --overwrite --predictions, --data",
        "quality --data NO --regression NO --ablations in.md --overwrite --output, --ablations",
        "benchmark --model in.dna --overwrite --json, --model"
    })
    void input_isNeverReplaced(String words, String option) throws IOException {
        Object[] args = args(words);
        Path input = Arrays.stream(args)
                .filter(Path.class::isInstance)
                .map(Path.class::cast)
                .filter(path -> path.getFileName().toString().startsWith("in."))
                .findFirst()
                .orElseThrow();
        Files.writeString(input, "mine");
        List<Path> names = new ArrayList<>(List.of(input, directory.resolve("./RUN/../" + input.getFileName())));
        Files.createDirectories(directory.resolve("RUN"));
        names.add(Files.createSymbolicLink(directory.resolve("soft" + input.getFileName()), input));
        names.add(Files.createLink(directory.resolve("hard" + input.getFileName()), input));
        for (Path name : names) {
            Run run = Run.of(append(args, name));

            assertThat(run.err().lines().findFirst().orElse(""))
                    .endsWith(" must not be the same as " + option + ", but was " + name);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(input).hasContent("mine");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest.json", "responses.jsonl", "reviews/judge.json", "annotations/alice.jsonl"})
    void fileOfARun_isNeverReplaced(String name) throws IOException {
        Path run = SampleRuns.create(directory.resolve("RUN"), "model-a", 3).path();
        Path output = run.resolve(name);
        Files.createDirectories(output.getParent());
        Optional<String> before = Files.exists(output) ? Optional.of(Files.readString(output)) : Optional.empty();

        Run result = Run.of("export", run, "--format", "jsonl", "--overwrite", "--output", output);

        failed(result, 2, "dna export: --output must not be a file of a run, but was " + output);
        assertThat(Files.exists(output) ? Optional.of(Files.readString(output)) : Optional.empty())
                .isEqualTo(before);
    }

    @Test
    void fileOfADirectoryThatIsRead_isNeverReplaced() throws IOException {
        Path data = TinyData.writeTo(directory.resolve("DIR"));
        Path output;
        try (Stream<Path> files = Files.walk(data)) {
            output = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        String before = Files.readString(output);

        failed(
                Run.of("cross-validate", "--data", data, "--json", output, "--overwrite"),
                2,
                "dna cross-validate: --json must not replace a file of --data, but was " + output);
        assertThat(output).hasContent(before);
    }

    @Test
    void sameOutputTwice_isRefused() throws IOException {
        Path file = directory.resolve("x");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        failed(
                Run.of("cross-validate", "--data", "no", "--json", file, "--predictions", link),
                2,
                "dna cross-validate: output files must differ, but was " + link + " twice");
        failed(
                Run.of("benchmark-transformer", "--json", file, "--markdown", directory.resolve("./x")),
                2,
                "dna benchmark-transformer: output files must differ, but was " + directory.resolve("./x") + " twice");
        assertThat(file).doesNotExist();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void overwrite_keepsPermissionsAndLinks() throws IOException {
        Path input = Files.writeString(directory.resolve("in.jsonl"), "{\"id\":\"7\",\"response\":\"r\"}\n");
        Path output = Files.writeString(directory.resolve("out.jsonl"), "old");
        Files.setPosixFilePermissions(output, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(directory.resolve("link.jsonl"), output);

        Run run = Run.of("evaluate", "--input", input, "--output", link, "--overwrite");

        assertThat(run.err()).isEqualTo("1 exchange of 1 file: 1 scored (0 harmful), 0 unscored\n");
        assertThat(run.exitCode()).isZero();
        assertThat(output).content().contains("\"id\":\"7\"");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-------");
    }

    @Test
    void outputThatAnotherProcessWrites_isRefused() throws IOException {
        Path input = Files.writeString(directory.resolve("in.jsonl"), "{\"response\":\"r\"}\n");
        Path output = directory.resolve("out.jsonl");
        try (Output other = Output.file(output)) {
            failed(
                    Run.of("evaluate", "--input", input, "--output", output),
                    1,
                    "dna evaluate: file must be written by one process at a time, but process "
                            + ProcessHandle.current().pid() + " is writing it ("
                            + directory.toRealPath().resolve("out.jsonl") + ")");
            other.stream().write('x');
            other.commit();
        }

        assertThat(output).hasContent("x");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void device_isWrittenWithoutOverwrite() throws IOException {
        Path input = Files.writeString(directory.resolve("in.jsonl"), "{\"response\":\"r\"}\n");

        assertThat(Run.of("evaluate", "--input", input, "--output", "/dev/null").exitCode())
                .isZero();
        assertThat(Run.of("evaluate", "--input", "/dev/null", "--input-format", "jsonl", "--output", "/dev/null")
                        .exitCode())
                .isNotEqualTo(2);
    }

    @Test
    void filledInSheet_isNeverReplaced() throws IOException {
        Path run = SampleRuns.create(directory.resolve("RUN"), "model-a", 3).path();
        Path sheet = directory.resolve("sheet.csv");
        Object[] args = {"annotate", "export", run, "--format", "csv", "--output", sheet, "--overwrite"};
        assertThat(Run.of(args).exitCode()).isZero();
        assertThat(Run.of(args).exitCode()).isZero();
        String handedOut = Files.readString(sheet);
        String refusal = "dna annotate export: output must not replace labels that people typed in, but would (" + sheet
                + "); import them, then move or delete the file";
        for (String filledIn : List.of(
                handedOut.replaceFirst(",,,\r\n", ",yes,,\r\n"),
                handedOut.replaceFirst(",,,\r\n", ",,3,\r\n"),
                handedOut.replaceFirst(",,,\r\n", ",,,hm\r\n"),
                // As a spreadsheet in Europe saves it.
                handedOut.replace(',', ';'))) {
            Files.writeString(sheet, filledIn);

            failed(Run.of(args), 2, refusal);
            assertThat(sheet).hasContent(filledIn);
        }
        Files.write(sheet, handedOut.getBytes(StandardCharsets.UTF_16));
        failed(Run.of(args), 2, refusal);
    }

    @Test
    void labelStudioTasks_areOnlyReplacedIfAsked() throws IOException {
        Path run = SampleRuns.create(directory.resolve("RUN"), "model-a", 3).path();
        Path tasks = Files.createDirectory(directory.resolve("tasks"));
        Files.writeString(tasks.resolve("labeling-interface.xml"), "mine");
        Object[] args = {"annotate", "export", run, "--format", "label-studio", "--output", tasks};

        failed(
                Run.of(args),
                2,
                "dna annotate export: output must not exist, but did (" + tasks.resolve("labeling-interface.xml")
                        + "); replace it by --overwrite");
        assertThat(tasks.resolve("tasks.json")).doesNotExist();
        assertThat(Run.of(append(args, "--overwrite")).exitCode()).isZero();
    }

    @Test
    void reportDirectory_isOnlyRenewedIfAsked() throws IOException {
        Path run = SampleRuns.create(directory.resolve("RUN"), "model-a", 3).path();
        SampleRuns.review(RunDirectory.open(run), "judge", 0.1, 0.9, 0.1);
        Path page = Files.writeString(directory.resolve("index.html"), "mine");
        Object[] args = {"report", run, "--resamples", 20, "--output", directory.resolve("out")};
        Object[] here = {"report", run, "--resamples", 20, "--output", directory};

        assertThat(Run.of(args).exitCode()).isZero();
        failed(
                Run.of(args),
                2,
                "dna report: directory of the report must not hold another report, but did (" + directory.resolve("out")
                        + "); --overwrite replaces a report");
        assertThat(Run.of(append(args, "--overwrite")).exitCode()).isZero();
        failed(
                Run.of(here),
                2,
                "dna report: directory of the report must be new or empty, but held files (" + directory
                        + "); --overwrite replaces a report");
        failed(
                Run.of(append(here, "--overwrite")),
                1,
                "dna report: file of the report must not replace one that is not of an earlier report, but would ("
                        + page + ")");
        failed(
                Run.of("report", run, "--output", run, "--overwrite"),
                2,
                "dna report: --output must not be the same as RUN, but was " + run);
        assertThat(page).hasContent("mine");
    }
}
