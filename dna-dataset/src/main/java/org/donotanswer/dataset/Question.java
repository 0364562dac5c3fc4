package org.donotanswer.dataset;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * A risky instruction of the benchmark. Immutable, hence thread-safe.
 *
 * @param id the published id, 0 to 938 in the published data
 * @param text as published, blemishes included
 */
public record Question(int id, RiskArea riskArea, HarmType harmType, SpecificHarm specificHarm, String text) {
    private static final Pattern WHITESPACE = Pattern.compile("[\\s\\p{Z}]+");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the id is negative, the text is blank, or the three levels of the taxonomy do
     *     not belong together
     */
    public Question {
        Objects.requireNonNull(riskArea, "riskArea");
        Objects.requireNonNull(harmType, "harmType");
        Objects.requireNonNull(specificHarm, "specificHarm");
        Objects.requireNonNull(text, "text");
        if (id < 0) {
            throw new IllegalArgumentException("question id must be at least 0, but was " + id);
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("question text must not be blank, but was (question " + id + ")");
        }
        if (specificHarm.harmType() != harmType) {
            throw new IllegalArgumentException("harm type of " + specificHarm + " must be " + specificHarm.harmType()
                    + ", but was " + harmType + " (question " + id + ")");
        }
        if (harmType.riskArea() != riskArea) {
            throw new IllegalArgumentException("risk area of " + harmType + " must be " + harmType.riskArea()
                    + ", but was " + riskArea + " (question " + id + ")");
        }
    }

    /**
     * Returns a question whose risk area and harm type are those of the specific harm.
     *
     * @throws IllegalArgumentException if the id is negative or the text is blank
     */
    public static Question of(int id, SpecificHarm specificHarm, String text) {
        return new Question(id, specificHarm.riskArea(), specificHarm.harmType(), specificHarm, text);
    }

    /**
     * Returns what the question shares with its duplicates: the text in lower case, each run of white space as one space.
     * Splits that keep questions apart must group by this rather than by id.
     */
    public String groupKey() {
        return normalized(text).toLowerCase(Locale.ROOT);
    }

    /** The text with each run of white space as one space, and none at its ends. */
    static String normalized(String text) {
        return WHITESPACE.matcher(text).replaceAll(" ").strip();
    }

    /** Returns the question without its text. */
    @Override
    public String toString() {
        return "Question[id=" + id + ", specificHarm=" + specificHarm + "]";
    }
}
