package org.donotanswer.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluators of the class path that can never work on an executor, however often a task is repeated. */
class EvaluatorSourceTest {
    private static final String DID_NOT = "evaluator must work on every executor, but encoder did not on host ";

    @TempDir
    private Path directory;

    @BeforeEach
    void startSpark() {
        LocalSpark.newSession();
    }

    /** Comes before the encoder. */
    abstract static class BrokenProvider implements EvaluatorProvider {
        @Override
        public String name() {
            return "encoder";
        }

        @Override
        public int priority() {
            return Integer.MAX_VALUE;
        }

        @Override
        public boolean supports(Path model) {
            return false;
        }

        @Override
        public SafetyEvaluator load(Path model) {
            throw new IllegalArgumentException("model must be supported, but was not");
        }
    }

    /** Lacks a library. */
    public static final class Unlinked extends BrokenProvider {
        @Override
        public Optional<SafetyEvaluator> createDefault() {
            throw new NoClassDefFoundError();
        }
    }

    /** Has a damaged model. */
    public static final class Damaged extends BrokenProvider {
        @Override
        public Optional<SafetyEvaluator> createDefault() throws IOException {
            throw new ModelFormatException("model must be whole, but was cut off");
        }
    }

    private void open(String provider) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(EvaluatorProvider.class.getName()), provider);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            EvaluatorSource.open("encoder", "encoder").close();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void open_missingLibrary_isUnavailable() {
        assertThatThrownBy(() -> open(Unlinked.class.getName()))
                .isInstanceOf(UnavailableEvaluatorException.class)
                .hasMessageStartingWith(DID_NOT)
                .hasMessageEndingWith(", executor driver: NoClassDefFoundError");
    }

    @Test
    void open_missingProvider_isUnavailable() {
        assertThatThrownBy(() -> open("org.donotanswer.spark.Absent"))
                .isInstanceOf(UnavailableEvaluatorException.class)
                .hasMessageStartingWith(DID_NOT)
                .hasMessageContaining("org.donotanswer.spark.Absent");
    }

    @Test
    void open_damagedModel_isUnavailable() {
        assertThatThrownBy(() -> open(Damaged.class.getName()))
                .isInstanceOf(UnavailableEvaluatorException.class)
                .hasMessageStartingWith(DID_NOT)
                .hasMessageEndingWith(", executor driver: model must be whole, but was cut off");
    }
}
