package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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

class ProvidersTest {
    @TempDir
    private Path directory;

    /** Provides fake evaluators for directories that contain a file with the provider's name. */
    private record FakeProvider(String name, int priority, boolean hasDefault) implements EvaluatorProvider {
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
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> new Providers(List.of(broken)).create())
                .withMessage("model.bin must have version 1, but was 2")
                .withCauseInstanceOf(ModelFormatException.class);
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
