package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class DnaTest {
    @Test
    void noCommand_isWrongUsage() {
        assertThat(Run.of())
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                """
                        dna: a command must be given, but was none (for example: dna evaluate 'What is the capital of France?' 'Paris.')
                        Try 'dna --help'.
                        """));
    }

    @Test
    void help_ofACommand_isThatOfItsOption() {
        assertThat(Run.of("help", "annotate", "export")).isEqualTo(Run.of("annotate", "export", "--help"));
        assertThat(Run.of("help")).isEqualTo(Run.of("--help"));
    }

    @Test
    void help_ofAnUnknownCommand_suggestsOne() {
        assertThat(Run.of("help", "mesure").err())
                .isEqualTo(
                        """
                        dna help: command must be known, but was 'mesure' (did you mean 'measure'?)
                        Try 'dna help --help'.
                        """);
    }

    @Test
    void help_ofDna_listsTheEvaluators() {
        assertThat(Run.of("--help").lines())
                .containsSubsequence(
                        "Evaluators:",
                        "  llm                     the LLM at --endpoint, as a judge (judge, measure and compare)");
        assertThat(Run.of("evaluate", "--help").out()).doesNotContain("Evaluators:");
    }

    /** Every command: the root, its subcommands, and theirs. */
    static Stream<CommandLine> commands() {
        Streams streams = new Streams(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                false);
        return withSubcommands(Dna.commandLine(
                streams,
                choice -> new FakeEvaluator(),
                (examples, seed) -> new FakeEvaluator(),
                (examples, seed) -> new FakeEvaluator(),
                new FakeEngine()));
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(DnaTest::withSubcommands));
    }

    private static Run run(CommandLine command, String option) {
        String[] words = command.getCommandSpec().qualifiedName().split(" ");
        words = Arrays.copyOf(words, words.length + 1);
        words[words.length - 1] = option;
        return Run.of((Object[]) Arrays.copyOfRange(words, 1, words.length));
    }

    @Test
    void commands_areAllThere() {
        assertThat(commands().map(command -> command.getCommandSpec().qualifiedName()))
                .hasSizeGreaterThan(20)
                .contains("dna", "dna measure", "dna annotate adjudicate", "dna generate-completion");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_isShownEverywhere(CommandLine command) {
        Run run = run(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: " + command.getCommandSpec().qualifiedName())
                .contains("Exit codes:");
        assertThat(run.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_describesEveryOptionAndArgument(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String help = run(command, "--help").out();
        for (ArgSpec arg : spec.args()) {
            String description = String.join(" ", arg.description());
            assertThat(description).as("%s: %s", spec.qualifiedName(), arg).matches("(?s)[A-Z'].*\\.");
            Matcher option = Pattern.compile("--[a-z][a-z-]*").matcher(description);
            while (option.find()) {
                assertThat(spec.optionsMap())
                        .as("%s: %s", spec.qualifiedName(), arg)
                        .containsKey(option.group());
            }
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                assertThat(help)
                        .containsPattern("(?m)^ .*"
                                + Pattern.quote(
                                        option.longestName().replaceFirst("^--", option.negatable() ? "--[no-]" : "--"))
                                + "\\b")
                        .contains("\n" + Options.section(option).heading() + ":\n");
                boolean isGeneral = option.usageHelp() || option.versionHelp();
                assertThat(Options.section(option) == HelpSection.GENERAL)
                        .as("%s: section of %s", spec.qualifiedName(), option)
                        .isEqualTo(isGeneral);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_statesTheDefaultOfEveryOptionWithAValue(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        for (OptionSpec option : spec.options()) {
            boolean isRequired = option.required()
                    && (option.group() == null || option.group().multiplicity().min() > 0);
            String description = String.join(" ", option.description());
            if (option.arity().max() > 0 && !isRequired && !option.hidden()) {
                assertThat(description)
                        .as("%s: %s", spec.qualifiedName(), option)
                        .containsAnyOf("Default", "Required");
            }
        }
    }

    @Test
    void help_ofDna_listsEveryCommandOnceByTask() {
        List<String> lines = Run.of("--help").lines();

        assertThat(lines)
                .containsSubsequence(
                        "Evaluate and measure:", "Score an LLM:", "Train and tune:", "Benchmark this library:");
        CommandLine dna = commands().findFirst().orElseThrow();
        assertThat(dna.getSubcommands().keySet()).allSatisfy(name -> assertThat(lines)
                .filteredOn(line -> line.matches("  " + name + "( .*)?"))
                .hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void version_isShownEverywhere(CommandLine command) {
        Run run = run(command, "--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(2).first().asString().matches("dna \\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void completion_knowsCommandsAndOptions() {
        Run run = Run.of("generate-completion");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("complete -F _complete_dna", "tune-policy", "--judge-model", "HARM_TYPE");
    }

    @Test
    void repeatedOption_isNamedWithoutItsValue() {
        Run run = Run.of(
                "tune-policy",
                "--false-block-rate",
                "0.1",
                "--output",
                "o.json",
                "--input",
                "secret",
                "--input",
                "other");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        """
                        dna tune-policy: option '--input' should be specified only once
                        Try 'dna tune-policy --help'.
                        """);
    }

    @Test
    void unexpectedFailure_isOneLineWithoutStackTrace() {
        Run run = Run.with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                choice -> new FakeEvaluator(exchange -> 1.5),
                "evaluate",
                "i",
                "r");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("dna evaluate: unexpected failure, please report it: java.lang.IllegalArgumentException:"
                        + " harmful must be in [0, 1], but was 1.5 (run java with -Ddna.debug=true for details)\n");
    }
}
