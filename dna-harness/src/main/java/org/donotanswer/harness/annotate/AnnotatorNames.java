package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.donotanswer.internal.Sha256;

/**
 * Maps the ids of annotators in a labelling tool to names for file names. Unless another name is given, a number becomes
 * {@code annotator-NUMBER}, an e-mail address has its special characters replaced by underscores, and a name in letters that
 * a file name cannot have becomes {@code annotator-} with the first digits of its checksum, so that it is always the same.
 * Not thread-safe.
 */
final class AnnotatorNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    /** The name of everybody whom the labelling tool does not name. */
    static final String UNNAMED = "annotator-unnamed";

    private static final int CHECKSUM_DIGITS = 8;
    private static final Pattern OTHERS = Pattern.compile("[^A-Za-z0-9._-]");

    private final Map<String, String> given;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, String> idByName = new HashMap<>();

    /**
     * Creates a mapping with some names given by id.
     *
     * @throws IllegalArgumentException if a name is not usable as a file name
     */
    AnnotatorNames(Map<String, String> given) {
        this.given = new LinkedHashMap<>(given);
        given.values().forEach(AnnotatorNames::require);
    }

    static String require(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name of an annotator must be letters, digits, dots, dashes and underscores, but was "
                            + LabelText.shown(name));
        }
        return name;
    }

    /**
     * Returns the name of the annotator with the id.
     *
     * @param aliases other ids of the annotator, for which a name may have been given
     * @throws IllegalArgumentException if the id gives the name of another annotator
     */
    String of(String id, List<String> aliases) {
        String name = given.get(id);
        seen.add(id);
        for (String alias : aliases) {
            seen.add(alias);
            name = name == null ? given.get(alias) : name;
        }
        if (name == null) {
            name = nameOf(id);
        }
        String before = idByName.putIfAbsent(name, id);
        if (before != null && !before.equals(id)) {
            throw new IllegalArgumentException("annotators must have different names, but two had the name " + name);
        }
        return name;
    }

    private static String nameOf(String id) {
        if (id.matches("[0-9]+")) {
            return "annotator-" + id;
        }
        String name = OTHERS.matcher(id).replaceAll("_");
        return NAME.matcher(name).matches()
                ? name
                : "annotator-" + Sha256.of(id.getBytes(StandardCharsets.UTF_8)).substring(0, CHECKSUM_DIGITS);
    }

    /** Checks that every id with a given name was seen. */
    void requireAllSeen(String file) throws IOException {
        for (String id : given.keySet()) {
            if (!seen.contains(id)) {
                throw new IOException("annotator " + id + " must be in the file, but was not (" + file + ")");
            }
        }
    }
}
