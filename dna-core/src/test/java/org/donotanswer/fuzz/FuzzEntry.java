package org.donotanswer.fuzz;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where Jazzer enters a fuzz test: it starts this class rather than the test, so that none of the classes that are fuzzed is
 * loaded before it can instrument them. Not thread-safe.
 */
public final class FuzzEntry {
    private static @Nullable FuzzTarget target;
    private static @Nullable Object test;

    private FuzzEntry() {}

    /** Creates the test of the properties {@code fuzz.type} and {@code fuzz.method}. */
    public static void fuzzerInitialize() throws ReflectiveOperationException {
        Class<?> type = Class.forName(property("fuzz.type"));
        FuzzTarget found = new FuzzTarget(type.getDeclaredMethod(property("fuzz.method"), byte[].class));
        target = found;
        test = found.newInstance();
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), () -> "property " + name + " must be set, but was not");
    }

    /** Runs the test with an input. */
    public static void fuzzerTestOneInput(byte[] data) throws Throwable {
        Objects.requireNonNull(target, "target must be created before an input, but was not")
                .run(Objects.requireNonNull(test), Objects.requireNonNull(data, "data"));
    }
}
