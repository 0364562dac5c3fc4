package org.donotanswer.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A method annotated with {@link FuzzTest}, which takes bytes. Thread-safe if its class is. */
record FuzzTarget(Method method) {
    FuzzTarget {
        method.setAccessible(true);
    }

    /**
     * Returns those of a class, sorted by name.
     *
     * @throws IllegalArgumentException if it has none
     */
    static List<FuzzTarget> of(Class<?> type) {
        List<FuzzTarget> targets = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(FuzzTest.class))
                .map(FuzzTarget::new)
                .sorted(Comparator.comparing(FuzzTarget::name))
                .toList();
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("class must have fuzz tests, but had none (" + type.getName() + ")");
        }
        return targets;
    }

    /** Returns the names of class and method. */
    String name() {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    /** Returns the directory of the inputs that are kept, in that of the test resources; as Jazzer names it. */
    String inputDirectory() {
        return method.getDeclaringClass().getName().replace('.', '/') + "Inputs/" + method.getName();
    }

    /** Returns a new instance of the class. */
    Object newInstance() throws ReflectiveOperationException {
        Constructor<?> constructor = method.getDeclaringClass().getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /**
     * Returns the valid inputs that the method's source returns.
     *
     * @throws IllegalArgumentException if there are none
     */
    List<byte[]> seeds() throws ReflectiveOperationException {
        List<byte[]> seeds = new ArrayList<>();
        MethodSource sources = method.getAnnotation(MethodSource.class);
        for (String name : sources == null ? new String[0] : sources.value()) {
            Method source = method.getDeclaringClass().getDeclaredMethod(name);
            source.setAccessible(true);
            ((Stream<?>) source.invoke(null)).forEach(each -> seeds.add((byte[]) each));
        }
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("fuzz test must have valid inputs, but had none (" + name() + ")");
        }
        return seeds;
    }

    /** Returns the inputs that are kept because they once broke the reader, in the order of their names. */
    List<Path> keptInputs() throws IOException {
        URL directory = method.getDeclaringClass().getResource("/" + inputDirectory());
        if (directory == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
            return files.sorted().toList();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Runs the method with an input, and throws what it throws. */
    void run(Object test, byte[] input) throws Throwable {
        try {
            method.invoke(test, (Object) input);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
