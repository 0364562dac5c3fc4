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
 * What is to become a line.
 *
 * @param time when the verdict was given
 * @param verdict the verdict
 * @param instruction the instruction, in the form in which it is written
 * @param text what was judged, likewise
 * @param heldChars how many chars of texts the entry keeps in memory
 */
record AuditEntry(
        Instant time, Verdict verdict, Map<String, Object> instruction, Map<String, Object> text, int heldChars) {
    /** The version of the lines' format. */
    static final int VERSION = 1;

    /** Loaded only when entries are written, as Jackson may be missing. */
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

    /** Returns an entry of a verdict. Hashes texts now, so that none of them has to be kept. */
    static AuditEntry of(Instant time, Verdict verdict, TextForm form, String instruction, String text) {
        return new AuditEntry(
                time,
                verdict,
                form.of(instruction),
                verdict.subject() == Verdict.Subject.RESPONSE ? form.of(text) : Map.of(),
                form.heldChars(instruction) + form.heldChars(text));
    }

    /** Returns the line, with its end. */
    byte[] line() throws JsonProcessingException {
        Map<String, Object> json = start(time);
        json.putAll(verdict.toJson());
        // Its detail is for people, and evaluators of others may break their promise to put no user text there.
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

    /** Returns the line that says how many verdicts were lost since it was said last. */
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
        // By way of a string, as a lone surrogate, which is no Unicode, makes Jackson's UTF-8 fail, but Java's a
        // question mark.
        return (Jackson.MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
