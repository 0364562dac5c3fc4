package org.donotanswer.harness.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;

/**
 * How the responses of a run were obtained: enough to decide whether further responses may be added. Immutable, hence
 * thread-safe.
 *
 * @param llm the name of the LLM in tables
 * @param source where the responses come from: the base URL of an endpoint, "application" for a model that an application
 *     built, or "import"
 * @param questions the SHA-256 of the file of instructions, as 64 lower-case hexadecimal digits
 * @param questionCount the number of instructions, at least 1
 * @param settings the request settings by name, for example model, temperature and system prompt; never an API key
 * @param libraryVersion the version of this library that started the run
 */
public record RunManifest(
        Llm llm,
        String source,
        String questions,
        int questionCount,
        SortedMap<String, String> settings,
        String libraryVersion) {
    /** The version of the run directory format that this library reads and writes. */
    public static final int FORMAT_VERSION = 1;

    /**
     * Copies and checks the values.
     *
     * @throws IllegalArgumentException if the checksum is malformed or the count is less than 1
     */
    public RunManifest {
        Objects.requireNonNull(llm, "llm");
        Objects.requireNonNull(source, "source");
        if (!Objects.requireNonNull(questions, "questions").matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "questions must be 64 lower-case hexadecimal digits, but were '" + questions + "'");
        }
        if (questionCount < 1) {
            throw new IllegalArgumentException("questionCount must be at least 1, but was " + questionCount);
        }
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        Objects.requireNonNull(libraryVersion, "libraryVersion");
    }

    /**
     * Returns the members by which manifests are compared, in order. The library's version is not among them, so that another
     * version can continue a run; the format has a version number of its own.
     */
    Map<String, String> toMembers() {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("llm", llm.name());
        members.put("source", source);
        members.put("questions", questions);
        members.put("questionCount", String.valueOf(questionCount));
        settings.forEach((name, value) -> members.put("settings." + name, value));
        return members;
    }
}
