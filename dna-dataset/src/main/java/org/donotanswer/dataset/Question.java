package org.donotanswer.dataset;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * An instruction of the benchmark. Immutable, hence thread-safe.
 *
 * <p>Every question is risky. Its harm type says what kind of harm it invites, and a classifier trained on it answers "of
 * which type, if risky", never "whether risky".
 *
 * @param id 0 to 938 in the published data
 * @param text as published, defects included: up to 37 questions have a fragment of an organisation's name
 */
public record Question(int id, RiskArea riskArea, HarmType harmType, SpecificHarm specificHarm, String text) {
    private static final Pattern WHITESPACE = Pattern.compile("[\\s\\p{Z}]+");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the id is negative, the text is blank, or the specific harm is not one of the harm
     *     type, or the harm type not one of the risk area
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
     * Returns a question with the harm type and risk area of its specific harm.
     *
     * @throws IllegalArgumentException if the id is negative or the text is blank
     */
    public static Question of(int id, SpecificHarm specificHarm, String text) {
        return new Question(id, specificHarm.riskArea(), specificHarm.harmType(), specificHarm, text);
    }

    /**
     * Returns a key that duplicates share: the text in lower case, with each run of white space collapsed to a space. Splits
     * that keep questions apart must group by this key, not by id, because questions 433 and 434 are the same.
     */
    public String groupKey() {
        return normalized(text).toLowerCase(Locale.ROOT);
    }

    /** Returns the text with each run of white space collapsed to a space, and none at the ends. */
    static String normalized(String text) {
        return WHITESPACE.matcher(text).replaceAll(" ").strip();
    }

    /** Returns the question without its text. */
    @Override
    public String toString() {
        return "Question[id=" + id + ", specificHarm=" + specificHarm + "]";
    }
}
