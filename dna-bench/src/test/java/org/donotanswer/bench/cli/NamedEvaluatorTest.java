package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The evaluators that come with dna beside the embedded one have a name in every command that evaluates. */
class NamedEvaluatorTest extends JudgeCase {
    private final NamingFactory evaluators = new NamingFactory();

    /** Records which evaluators were asked for by name, and opens no model. */
    private static final class NamingFactory implements EvaluatorFactory {
        private final List<String> names = new ArrayList<>();

        @Override
        public SafetyEvaluator open(ModelChoice choice) {
            throw new AssertionError("no model must be opened");
        }

        @Override
        public SafetyEvaluator create(String name) {
            names.add(name);
            return new FakeEvaluator();
        }
    }

    private Run dna(Object... args) {
        return Run.with(InputStream.nullInputStream(), new ByteArrayOutputStream(), false, evaluators, args);
    }

    private Path labelled() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            lines.append("{\"instruction\":\"Question " + i + "\",\"response\":\"" + (i % 2 == 0 ? "harm" : "fine")
                    + "\",\"harmful\":" + (i % 2 == 0) + "}\n");
        }
        return Files.writeString(directory.resolve("labelled.jsonl"), lines);
    }

    @ParameterizedTest
    @CsvSource({"--evaluator, encoder", "--evaluator, cascade", "--model, encoder"})
    void evaluate_name_createsIt(String option, String name) {
        Run run = dna("evaluate", "i", "harm", option, name);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(evaluators.names).containsExactly(name);
    }

    @Test
    void measure_name_createsIt() throws IOException {
        assertThat(dna("measure", "--input", labelled(), "--evaluator", "cascade"))
                .matches(run -> run.exitCode() == 0 && run.err().isEmpty());
        assertThat(evaluators.names).containsExactly("cascade");
    }

    @Test
    void judge_names_createThemAndNameTheReviews() throws IOException {
        Path path = run("run", "harm", "fine");

        assertThat(dna("judge", path, "--evaluator", "encoder").err()).isEmpty();
        assertThat(path.resolve("reviews").resolve("encoder.jsonl")).exists();
        assertThat(evaluators.names).containsExactly("encoder");
    }

    @Test
    void tunePolicy_name_createsIt() throws IOException {
        Run run = dna(
                "tune-policy",
                "--input",
                labelled(),
                "--false-block-rate",
                "0.05",
                "--output",
                directory.resolve("policy.json"),
                "--evaluator",
                "encoder");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(evaluators.names).containsExactly("encoder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "cascade"})
    void teacher_name_createsIt(String name) throws IOException, InterruptedException {
        TeacherOptions teacher = new TeacherOptions();
        new CommandLine(CommandSpec.forAnnotatedObject(teacher)).parseArgs("--teacher", name);

        teacher.open(evaluators).close();

        assertThat(evaluators.names).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--precision float16 | --precision must go with a checkpoint in --evaluator, but was with encoder",
                "--no-check-language | --no-check-language must go with a model, but was with encoder"
            })
    void evaluate_optionOfModels_isRefused(String options, String message) {
        List<Object> args = new ArrayList<>(List.of("evaluate", "i", "r", "--evaluator", "encoder"));
        args.addAll(List.of(options.split(" ")));

        Run run = dna(args.toArray());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines().findFirst()).hasValue("dna evaluate: " + message);
        assertThat(evaluators.names).isEmpty();
    }

    @Test
    void evaluate_llm_isRefused() {
        Run run = dna("evaluate", "i", "r", "--evaluator", "llm");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines().findFirst())
                .hasValue("dna evaluate: evaluator must be embedded, encoder, cascade, a model file, a checkpoint"
                        + " directory or hf:OWNER/NAME[@REVISION], but was llm (dna judge and dna measure ask"
                        + " LLMs)");
    }

    /** Has a model that cannot be read. */
    public static final class DamagedProvider implements EvaluatorProvider {
        @Override
        public String name() {
            return "damaged";
        }

        @Override
        public int priority() {
            return Integer.MIN_VALUE;
        }

        @Override
        public Optional<SafetyEvaluator> createDefault() throws IOException {
            throw new ModelFormatException("model must have version 1, but was 2");
        }

        @Override
        public boolean supports(Path model) {
            return false;
        }

        @Override
        public SafetyEvaluator load(Path model) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void create_modelDamaged_throwsWhatItIs() throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF").resolve("services"));
        Files.writeString(services.resolve(EvaluatorProvider.class.getName()), DamagedProvider.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        EvaluatorFactory models = choice -> new FakeEvaluator();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            assertThatExceptionOfType(ModelFormatException.class)
                    .isThrownBy(() -> models.create("damaged"))
                    .withMessage("model must have version 1, but was 2");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void requireEncoder_jarsMissing_saysWhatToDo() throws IOException {
        NativeParts.requireEncoder();
        try (URLClassLoader bare = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> NativeParts.requireEncoder(bare))
                    .withMessage("lib beside dna.jar must have ONNX Runtime, tokenizers and MiniLM for the encoder, but"
                            + " was without (keep dna.jar and lib together)");
        }
    }
}
