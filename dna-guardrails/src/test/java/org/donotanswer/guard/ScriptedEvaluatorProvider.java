package org.donotanswer.guard;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * Makes {@code SafetyEvaluator.createForGuard()} return scripted evaluators, and remembers them. {@code SafetyEvaluator.create()}
 * returns others.
 */
public final class ScriptedEvaluatorProvider implements EvaluatorProvider {
    public static final List<ScriptedEvaluator> CREATED = new CopyOnWriteArrayList<>();

    /** Runs an action on a thread that finds this provider before all others. */
    public static <T> T call(Path directory, Callable<T> action) throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF").resolve("services"));
        Files.writeString(
                services.resolve(EvaluatorProvider.class.getName()), ScriptedEvaluatorProvider.class.getName());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        CREATED.clear();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            return action.call();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public int priority() {
        return Integer.MIN_VALUE;
    }

    @Override
    public int guardPriority() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Optional<SafetyEvaluator> createDefault() {
        ScriptedEvaluator evaluator = ScriptedEvaluator.quick(ScriptedEvaluator::byWord);
        CREATED.add(evaluator);
        return Optional.of(evaluator);
    }

    @Override
    public boolean supports(Path model) {
        return false;
    }

    @Override
    public SafetyEvaluator load(Path model) throws IOException {
        throw new IOException("scripted evaluators have no models");
    }
}
