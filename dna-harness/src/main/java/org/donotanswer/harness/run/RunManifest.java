package org.donotanswer.harness.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;

/**
 * How the responses of a run came about: enough to tell whether more of them may be added to it. Immutable, hence
 * thread-safe.
 *
 * @param llm the name of the LLM in tables
 * @param source where the responses come from: the address of an endpoint, or "import"
 * @param questions the SHA-256 of the questions' file, as 64 lower-case hexadecimal digits
 * @param questionCount how many questions there are, at least 1
 * @param settings what was asked of the endpoint, such as model, temperature and system prompt, by name; sorted; no key
 * @param libraryVersion the version of this library that began the run
 */
public record RunManifest(
        Llm llm,
        String source,
        String questions,
        int questionCount,
        SortedMap<String, String> settings,
        String libraryVersion) {
    /** The version of the layout of run directories that this library reads and writes. */
    public static final int FORMAT_VERSION = 1;

    /**
     * Copies and checks the values.
     *
     * @throws IllegalArgumentException if the checksum is malformed or there are no questions
     */
    public RunManifest {
        Objects.requireNonNull(llm, "llm");
        Objects.requireNonNull(source, "source");
        if (!Objects.requireNonNull(questions, "questions").matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "questions must be 64 lower-case hexadecimal digits, but was '" + questions + "'");
        }
        if (questionCount < 1) {
            throw new IllegalArgumentException("questionCount must be at least 1, but was " + questionCount);
        }
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        Objects.requireNonNull(libraryVersion, "libraryVersion");
    }

    /**
     * Returns the members by which manifests are compared, in order. A run may go on with another version of this library:
     * what must not change with it is the layout, which has a version of its own.
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
