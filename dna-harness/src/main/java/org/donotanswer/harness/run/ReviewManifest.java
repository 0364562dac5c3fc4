package org.donotanswer.harness.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.evaluate.Provenance;

/**
 * Describes a reviewer. Immutable, hence thread-safe.
 *
 * @param name a short name for tables and files: letters, digits, dots, dashes and underscores
 * @param evaluator the evaluator's name, with its version
 * @param provenance where the evaluator comes from and how it is configured
 */
public record ReviewManifest(String name, String evaluator, Provenance provenance) {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is empty or has other characters
     */
    public ReviewManifest {
        requireName(name);
        Objects.requireNonNull(evaluator, "evaluator");
        Objects.requireNonNull(provenance, "provenance");
    }

    /**
     * Returns the name if a reviewer may have it.
     *
     * @throws IllegalArgumentException if it is empty or has other characters
     */
    public static String requireName(String name) {
        if (!Objects.requireNonNull(name, "name").matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new IllegalArgumentException(
                    "name of a reviewer must be letters, digits, dots, dashes and underscores, but was '" + name + "'");
        }
        return name;
    }

    /** Returns the members by which manifests are compared; not the machine on which the evaluator runs. */
    Map<String, String> toMembers() {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("name", name);
        members.put("evaluator", evaluator);
        provenance.data().forEach((key, value) -> members.put("data." + key, value));
        provenance.parameters().forEach((key, value) -> members.put("parameters." + key, value));
        return members;
    }
}
