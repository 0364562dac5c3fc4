package org.donotanswer.harness.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.evaluate.Provenance;

/**
 * Who reviewed responses. Immutable, hence thread-safe.
 *
 * @param name a short name for tables and files: letters, digits, dots, dashes and underscores
 * @param evaluator the evaluator's own name, with its version
 * @param provenance what the evaluator was made of, and how
 */
public record ReviewManifest(String name, String evaluator, Provenance provenance) {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it has other characters, or none
     */
    public ReviewManifest {
        requireName(name);
        Objects.requireNonNull(evaluator, "evaluator");
        Objects.requireNonNull(provenance, "provenance");
    }

    /**
     * Returns a name that a reviewer may have.
     *
     * @throws IllegalArgumentException if it has other characters, or none
     */
    public static String requireName(String name) {
        if (!Objects.requireNonNull(name, "name").matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new IllegalArgumentException(
                    "name of a reviewer must be letters, digits, dots, dashes and underscores, but was '" + name + "'");
        }
        return name;
    }

    /** Returns the members by which manifests are compared: not the machine on which the evaluator runs. */
    Map<String, String> toMembers() {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("name", name);
        members.put("evaluator", evaluator);
        provenance.data().forEach((key, value) -> members.put("data." + key, value));
        provenance.parameters().forEach((key, value) -> members.put("parameters." + key, value));
        return members;
    }
}
