package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidersTest {
    @TempDir
    private Path directory;

    /** Provides fake evaluators for directories that contain a file with the provider's name. */
    private record FakeProvider(String name, int priority, int guardPriority, boolean hasDefault)
            implements EvaluatorProvider {
        FakeProvider(String name, int priority, boolean hasDefault) {
            this(name, priority, priority, hasDefault);
        }

        @Override
        public Optional<SafetyEvaluator> createDefault() {
            return hasDefault ? Optional.of(new FakeEvaluator(name)) : Optional.empty();
        }

        @Override
        public boolean supports(Path model) {
            return Files.exists(model.resolve(name));
        }

        @Override
        public SafetyEvaluator load(Path model) {
            return new FakeEvaluator(name + " loaded");
        }
    }

    @Test
    void create_several_takesHighestPriorityThatNeedsNoFile() {
        Providers providers = new Providers(List.of(
                new FakeProvider("low", 1, true),
                new FakeProvider("transformer", 9, false),
                new FakeProvider("embedded", 5, true)));

        try (SafetyEvaluator evaluator = providers.create()) {
            assertThat(evaluator.name()).isEqualTo("embedded");
        }
    }

    @Test
    void create_samePriority_takesFirstName() {
        Providers providers = new Providers(List.of(new FakeProvider("b", 0, true), new FakeProvider("a", 0, true)));

        try (SafetyEvaluator evaluator = providers.create()) {
            assertThat(evaluator.name()).isEqualTo("a");
        }
    }

    @Test
    void create_nothingOnClassPath_namesArtifact() {
        String message = "class path must have an embedded model, but was without one"
                + " (add the artifact org.donotanswer:dna-classifier)";

        assertThatIllegalStateException().isThrownBy(SafetyEvaluator::create).withMessage(message);
        assertThatIllegalStateException()
                .isThrownBy(() -> new Providers(List.of(new FakeProvider("transformer", 9, false))).create())
                .withMessage(message);
    }

    @Test
    void createForGuard_several_takesHighestGuardPriorityThatNeedsNoFile() {
        Providers providers = new Providers(List.of(
                new FakeProvider("embedded", 0, true),
                new FakeProvider("encoder", 10, true),
                new FakeProvider("cascade", -10, 20, true),
                new FakeProvider("transformer", 0, 30, false)));

        try (SafetyEvaluator forGuard = providers.createForGuard();
                SafetyEvaluator other = providers.create()) {
            assertThat(forGuard.name()).isEqualTo("cascade");
            assertThat(other.name()).isEqualTo("encoder");
        }
    }

    @Test
    void createForGuard_providerWithoutGuardPriority_hasItsPriority() {
        EvaluatorProvider plain = new EvaluatorProvider() {
            @Override
            public String name() {
                return "plain";
            }

            @Override
            public int priority() {
                return 7;
            }

            @Override
            public boolean supports(Path model) {
                return false;
            }

            @Override
            public SafetyEvaluator load(Path model) {
                throw new UnsupportedOperationException();
            }
        };

        assertThat(plain.guardPriority()).isEqualTo(7);
    }

    @Test
    void createForGuard_nothingOnClassPath_namesArtifact() {
        assertThatIllegalStateException()
                .isThrownBy(SafetyEvaluator::createForGuard)
                .withMessage("class path must have an embedded model, but was without one"
                        + " (add the artifact org.donotanswer:dna-classifier)");
    }

    @Test
    void createByName_known_takesItWhateverItsPriority() {
        Providers providers = new Providers(List.of(
                new FakeProvider("encoder", 10, true),
                new FakeProvider("embedded", 0, true),
                new FakeProvider("cascade", -10, true)));

        try (SafetyEvaluator evaluator = providers.create("cascade")) {
            assertThat(evaluator.name()).isEqualTo("cascade");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "embedded, dna-classifier",
        "transformer, dna-classifier",
        "encoder, dna-encoder",
        "cascade, dna-encoder"
    })
    void createByName_artifactMissing_namesIt(String name, String artifact) {
        assertThatIllegalStateException()
                .isThrownBy(() -> SafetyEvaluator.create(name))
                .withMessage("name must be that of an evaluator on the class path (none), but was '" + name
                        + "' (add the artifact org.donotanswer:" + artifact + ")");
    }

    @Test
    void createByName_unknown_listsNames() {
        Providers providers =
                new Providers(List.of(new FakeProvider("a", 1, true), new FakeProvider("guess", 2, true)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> providers.create("gues"))
                .withMessage("name must be that of an evaluator on the class path (guess, a), but was 'gues'"
                        + " (did you mean 'guess'?)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetyEvaluator.create("other"))
                .withMessage("name must be that of an evaluator on the class path (none), but was 'other'");
        assertThatNullPointerException()
                .isThrownBy(() -> SafetyEvaluator.create(null))
                .withMessage("name");
    }

    @Test
    void createByName_needsModelFile_throws() {
        Providers providers = new Providers(List.of(new FakeProvider("transformer", 0, false)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> providers.create("transformer"))
                .withMessage("name must be that of an evaluator that needs no model file, but was transformer");
    }

    @Test
    void create_unreadableModel_isUnchecked() {
        EvaluatorProvider broken = new EvaluatorProvider() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Optional<SafetyEvaluator> createDefault() throws IOException {
                throw new ModelFormatException("model.bin must have version 1, but was 2");
            }

            @Override
            public boolean supports(Path model) {
                return false;
            }

            @Override
            public SafetyEvaluator load(Path model) {
                throw new UnsupportedOperationException();
            }
        };

        assertThat(broken.priority()).isZero();
        assertThat(broken.guardPriority()).isZero();
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> new Providers(List.of(broken)).create())
                .withMessage("model.bin must have version 1, but was 2")
                .withCauseInstanceOf(ModelFormatException.class);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> new Providers(List.of(broken)).create("broken"))
                .withMessage("model.bin must have version 1, but was 2");
    }

    @Test
    void load_known_takesHighestPriority() throws IOException {
        Files.createFile(directory.resolve("a"));
        Files.createFile(directory.resolve("b"));
        Providers providers = new Providers(List.of(
                new FakeProvider("a", 1, true), new FakeProvider("b", 2, false), new FakeProvider("c", 3, false)));

        try (SafetyEvaluator evaluator = providers.load(directory)) {
            assertThat(evaluator.name()).isEqualTo("b loaded");
        }
    }

    @Test
    void load_unknown_namesKnownKinds() {
        Providers providers = new Providers(List.of(new FakeProvider("a", 1, true), new FakeProvider("b", 2, false)));

        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> providers.load(directory))
                .withMessage(
                        "model must be of a kind that a provider on the class path knows (b, a), but was " + directory);
    }

    @Test
    void load_missingPath_throws() {
        Path missing = directory.resolve("missing");

        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> new Providers(List.of(new FakeProvider("a", 1, true))).load(missing))
                .withMessage(missing + ": model must be a file or directory");
    }

    @Test
    void load_noProvider_namesArtifact() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SafetyEvaluator.load(directory))
                .withMessage("class path must have a provider of evaluators, but was without one"
                        + " (add the artifact org.donotanswer:dna-classifier)");
        assertThatNullPointerException()
                .isThrownBy(() -> SafetyEvaluator.load(null))
                .withMessage("model");
    }
}
