package org.donotanswer.bench.soak;

/**
 * Whether a criterion is met. The components' names are JSON keys. Immutable, hence thread-safe.
 *
 * @param criterion what is required
 * @param result whether it is met
 * @param found what was found
 */
public record SoakCriterion(String criterion, Result result, String found) {
    /** Whether a criterion is met. */
    public enum Result {
        /** It is. */
        PASS,
        /** It is not. */
        FAIL,
        /** It could not be judged. */
        UNKNOWN
    }

    static SoakCriterion of(String criterion, boolean met, String found) {
        return new SoakCriterion(criterion, met ? Result.PASS : Result.FAIL, found);
    }

    static SoakCriterion unknown(String criterion, String found) {
        return new SoakCriterion(criterion, Result.UNKNOWN, found);
    }

    /** Returns one line for people. */
    String describe() {
        return result + "  " + criterion + ": " + found;
    }
}
