package org.donotanswer.guard.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.internal.OptionalDependency;

/**
 * A verdict to be written as a line. Immutable, hence thread-safe.
 *
 * @param time the time of the verdict
 * @param verdict the verdict
 * @param instruction the instruction, in the form in which it is written
 * @param text the text that was checked, likewise
 * @param heldChars how many chars of texts the entry keeps in memory
 */
record AuditEntry(
        Instant time, Verdict verdict, Map<String, Object> instruction, Map<String, Object> text, int heldChars) {
    /** The version of the line format. */
    static final int VERSION = 1;

    /** Loaded only when entries are written, because Jackson may be missing. */
    private static final class Jackson {
        static final JsonMapper MAPPER = new JsonMapper();
    }

    /**
     * Checks that entries can be written.
     *
     * @throws IllegalStateException if Jackson is missing
     */
    static void requireJackson() {
        try {
            Objects.requireNonNull(Jackson.MAPPER);
        } catch (NoClassDefFoundError e) {
            throw OptionalDependency.JACKSON.missing("an audit log", e);
        }
    }

    /** Returns the entry of a verdict. Hashes texts now, so that they need not be kept. */
    static AuditEntry of(Instant time, Verdict verdict, TextForm form, String instruction, String text) {
        return new AuditEntry(
                time,
                verdict,
                form.of(instruction),
                verdict.subject() == Verdict.Subject.RESPONSE ? form.of(text) : Map.of(),
                form.heldChars(instruction) + form.heldChars(text));
    }

    /** Returns the line, including its end. */
    byte[] line() throws JsonProcessingException {
        Map<String, Object> json = start(time);
        json.putAll(verdict.toJson());
        // The detail is for people, and third-party evaluators may break their promise to put no user text there.
        verdict.assessment().ifPresent(assessment -> {
            Map<String, Object> scores = new LinkedHashMap<>(assessment.toJson());
            scores.remove("detail");
            json.put("assessment", scores);
        });
        json.put("instruction", instruction);
        if (!text.isEmpty()) {
            json.put("response", text);
        }
        return line(json);
    }

    /** Returns a line that reports how many verdicts were lost since the last such line. */
    static byte[] lineOfLost(Instant time, long lost) throws JsonProcessingException {
        Map<String, Object> json = start(time);
        json.put("lost", lost);
        return line(json);
    }

    private static Map<String, Object> start(Instant time) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("v", VERSION);
        json.put("time", time.toString());
        return json;
    }

    private static byte[] line(Map<String, Object> json) throws JsonProcessingException {
        // Encoded from a string: a lone surrogate makes Jackson's UTF-8 encoder fail, while Java's writes a question
        // mark.
        return (Jackson.MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
