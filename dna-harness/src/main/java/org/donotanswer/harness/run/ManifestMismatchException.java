package org.donotanswer.harness.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a run or its reviews cannot be continued because they were started with other settings. Immutable, hence
 * thread-safe.
 */
public final class ManifestMismatchException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN_CHARACTERS = 80;

    private ManifestMismatchException(String message) {
        super(message);
    }

    /** Checks that both have the same members; the message names the differences. */
    static void check(Path file, Map<String, String> found, Map<String, String> wanted)
            throws ManifestMismatchException {
        Set<String> names = new LinkedHashSet<>(found.keySet());
        names.addAll(wanted.keySet());
        names.removeIf(name -> Objects.equals(found.get(name), wanted.get(name)));
        if (!names.isEmpty()) {
            throw new ManifestMismatchException("settings must be those with which the run began, but differ in "
                    + names.stream()
                            .map(name -> name + ": " + shown(name, found.get(name)) + " then, "
                                    + shown(name, wanted.get(name)) + " now")
                            .collect(Collectors.joining("; "))
                    + " (" + file + "); use another directory or the same settings");
        }
    }

    private static String shown(String name, @Nullable String value) {
        if (value == null) {
            return "none";
        }
        if (name.endsWith("Prompt")) {
            return "a text of " + value.length() + " characters";
        }
        return value.length() <= MAX_SHOWN_CHARACTERS ? value : value.substring(0, MAX_SHOWN_CHARACTERS) + "...";
    }
}
