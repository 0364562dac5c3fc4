package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody reads who mistypes a name. */
class UsageMessagesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "evalute i r | dna: command must be known, but was 'evalute' (did you mean 'evaluate'?)",
                "version | dna: command must be known, but was 'version' (did you mean '--version'?)",
                "--verison | dna: option must be known, but was '--verison' (did you mean '--version'?)",
                "tune_policy | dna: command must be known, but was 'tune_policy' (did you mean 'tune-policy'?)",
                "sing | dna: command must be known, but was 'sing'",
                "annotate exprot | dna annotate: command must be known, but was 'exprot' (did you mean 'export'?)",
                "evaluate i r --formt text | dna evaluate: option must be known, but was '--formt' (did you mean"
                        + " '--format'?)",
                "evaluate i r -format=text | dna evaluate: option must be known, but was '-format' (did you mean"
                        + " '--format'?)",
                "evaluate i r --Format=private | dna evaluate: option must be known, but was '--Format' (did you mean"
                        + " '--format'?)",
                "evaluate i r --format txt | dna evaluate: Invalid value for option '--format': expected one of [json,"
                        + " text] (case-insensitive) but was 'txt' (did you mean 'text'?)",
                "evaluate i r --format xml | dna evaluate: Invalid value for option '--format': expected one of [json,"
                        + " text] (case-insensitive) but was 'xml'",
                "measure --inptu f.jsonl | dna measure: option must be known, but was '--inptu' (did you mean"
                        + " '--input'?)",
                "generate-completion | ",
                "benchmark-guardrails f | dna benchmark-guardrails: arguments must be options, but were others, too"
                        + " (the name of an option starts with --)",
                "evaluate How do I | dna evaluate: arguments must be at most 2, but were more (put a text with spaces"
                        + " in quotes)",
            })
    void of_misspeltName_suggestsTheNearest(String args, String message) {
        Run run = Run.of((Object[]) args.split(" "));

        assertThat(run.exitCode()).isEqualTo(message == null ? 0 : 2);
        assertThat(run.err().lines().findFirst().orElse(null)).isEqualTo(message);
    }

    @Test
    void of_textThatLooksLikeAnOption_isNotShown() {
        assertThat(Run.of("evaluate", "-5 degrees is private", "r").err())
                .isEqualTo(
                        """
                        dna evaluate: option must be known, but was another text that starts with - (put -- before such a text)
                        Try 'dna evaluate --help'.
                        """);
        assertThat(Run.of("this is private").err()).startsWith("dna: command must be known, but was another text\n");
        assertThat(Run.of("evaluate", "--", "-5 degrees", "r").exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "none",
            value = {
                "embeded | (did you mean 'embedded'?)",
                "LLm2 | (did you mean 'llm'?)",
                "encodr | (did you mean 'encoder'?)",
                "gpt-4 | none"
            })
    void evaluator_misspelt_namesThoseThatExist(String name, String suggestion) {
        for (List<String> command : List.of(List.of("measure", "--input", "f.jsonl"), List.of("judge", "run"))) {
            Run run = Run.of(Stream.concat(command.stream(), Stream.of("--evaluator", name))
                    .toArray());

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err().lines().findFirst())
                    .hasValue("dna " + command.get(0)
                            + ": evaluator must be embedded, encoder, cascade, llm, a model file, a checkpoint"
                            + " directory or hf:OWNER/NAME[@REVISION], but was '" + name + "'"
                            + (suggestion == null ? "" : " " + suggestion));
        }
    }

    @Test
    void evaluator_misspeltWhereNoLlmMayBe_namesTheOthers() {
        Run run = Run.of("evaluate", "i", "r", "--evaluator", "cascad");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines().findFirst())
                .hasValue("dna evaluate: evaluator must be embedded, encoder, cascade, a model file, a checkpoint"
                        + " directory or hf:OWNER/NAME[@REVISION], but was 'cascad' (did you mean 'cascade'?)");
    }

    @ParameterizedTest
    @CsvSource({
        "owner-that-is-no-directory/safety-model, ' (did you mean ''hf:owner-that-is-no-directory/safety-model''?)'",
        "./own.model, ''"
    })
    void model_missing_saysWhatItMayBe(String model, String suggestion) {
        Run run = Run.with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                Run.models(),
                "evaluate",
                "i",
                "r",
                "--model",
                model);

        assertThat(run)
                .isEqualTo(new Run(
                        1,
                        "",
                        "dna evaluate: model must be a file, a checkpoint directory or hf:OWNER/NAME[@REVISION], or be"
                                + " left out for the one that comes with dna" + suggestion + ", but was missing ("
                                + Path.of(model) + ")\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "hf:LibrAI/longformer-harmful-r0, ' (did you mean ''LibrAI/longformer-harmful-ro''?)'",
        "hf:librai/longformer_action_ro@main, ' (did you mean ''LibrAI/longformer-action-ro''?)'",
        "hf:LibrAI/longformer-action-ro, ''",
        "hf:someone/another-classifier, ''"
    })
    void repository_misspelt_suggestsThoseOfThePaper(String model, String suggestion) {
        assertThat(ModelOpener.suggestion((ModelLocation.Hosted) ModelLocation.of(model)))
                .isEqualTo(suggestion);
    }
}
