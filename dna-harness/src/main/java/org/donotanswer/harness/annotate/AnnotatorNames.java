package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names under which annotators are kept, as in {@code annotations/NAME.jsonl}. One whom a labelling tool knows by a
 * number is {@code annotator-NUMBER}, one known by an address has its other characters made underscores, unless named
 * otherwise. Not thread-safe.
 */
final class AnnotatorNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern OTHERS = Pattern.compile("[^A-Za-z0-9._-]");

    private final Map<String, String> given;
    private final Set<String> met = new HashSet<>();
    private final Map<String, String> idByName = new HashMap<>();

    /**
     * Starts with names given by id.
     *
     * @throws IllegalArgumentException if a name has other characters than a file's name may have
     */
    AnnotatorNames(Map<String, String> given) {
        this.given = new LinkedHashMap<>(given);
        given.values().forEach(AnnotatorNames::require);
    }

    static String require(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name of an annotator must be letters, digits, dots, dashes and underscores," + " but was "
                            + LabelText.shown(name));
        }
        return name;
    }

    /**
     * Returns the name of the annotator with the id.
     *
     * @param aliases other names by which the annotator may have been given one
     * @throws IllegalArgumentException if no name can be made of the id, or it is that of another
     */
    String of(String id, List<String> aliases) {
        String name = given.get(id);
        met.add(id);
        for (String alias : aliases) {
            met.add(alias);
            name = name == null ? given.get(alias) : name;
        }
        if (name == null) {
            name = id.matches("[0-9]+")
                    ? "annotator-" + id
                    : require(OTHERS.matcher(id).replaceAll("_"));
        }
        String before = idByName.putIfAbsent(name, id);
        if (before != null && !before.equals(id)) {
            throw new IllegalArgumentException("annotators must have different names, but two were " + name);
        }
        return name;
    }

    /** Checks that everyone who was given a name was met. */
    void requireAllMet(String file) throws IOException {
        for (String id : given.keySet()) {
            if (!met.contains(id)) {
                throw new IOException("annotator " + id + " must be in the file, but was not (" + file + ")");
            }
        }
    }
}
