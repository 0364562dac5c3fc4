package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class path that has the embedded evaluator only: neither DJL nor Jackson's parser. */
class WithoutDjlTest {
    @TempDir
    private Path directory;

    private Throwable load(Path model) throws Exception {
        URL[] places = Stream.of(TransformerEvaluator.class, SafetyEvaluator.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .toArray(URL[]::new);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Method method = loader.loadClass(SafetyEvaluator.class.getName()).getMethod("load", Path.class);
            return catchThrowable(() -> method.invoke(null, model)).getCause();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private void assertUnknown(Path model) throws Exception {
        Throwable failure = load(model);
        assertThat(failure.getClass().getName()).isEqualTo("org.donotanswer.evaluate.ModelFormatException");
        assertThat(failure)
                .hasMessage("model must be of a kind that a provider on the class path knows (embedded, transformer),"
                        + " but was " + model);
    }

    @Test
    void load_ofNoKnownKind_saysSo() throws Exception {
        assertUnknown(directory);
        assertUnknown(Files.writeString(directory.resolve("notes.txt"), "hello"));
        assertUnknown(Files.createFile(directory.resolve("empty")));
        assertUnknown(
                Files.write(directory.resolve("model.safetensors.part"), new byte[] {1, 0, 0, 0, 0, 0, 0, 0, '{'}));
        assertUnknown(Files.createDirectories(directory.resolve("tokenizer only")));
    }

    @Test
    void load_checkpoint_namesTheArtifactsToAdd() throws Exception {
        Path model = Files.createDirectory(directory.resolve("checkpoint"));
        for (String file : new String[] {"config.json", "model.safetensors", "model.pt"}) {
            Files.createFile(model.resolve(file));
            assertThat(load(model))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "DJL must be on the class path, but was not (add" + " ai.djl.pytorch:pytorch-engine:");
        }
    }

    @Test
    void load_missingPath_isNoSuchFile() throws Exception {
        assertThat(load(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }
}
