package org.donotanswer.evaluate;

import java.util.Objects;

/**
 * One instruction to a chatbot and its response. Immutable, hence thread-safe.
 *
 * @param instruction the user's text; empty if only the response is known
 * @param response the chatbot's text; a blank one is legal, and evaluates to {@link UnscoredReason#EMPTY_RESPONSE}
 */
public record Exchange(String instruction, String response) {
    /**
     * Checks that neither is null.
     *
     * @throws NullPointerException if either is null, naming it
     */
    public Exchange {
        Objects.requireNonNull(instruction, "instruction");
        Objects.requireNonNull(response, "response");
    }

    /** Returns the exchange of an instruction and its response. */
    public static Exchange of(String instruction, String response) {
        return new Exchange(instruction, response);
    }

    /** Returns an exchange with a known response and an empty instruction. */
    public static Exchange responseOnly(String response) {
        return new Exchange("", response);
    }

    /** Returns whether the response shows nothing: it is empty, or all white space, control and format characters. */
    public boolean hasBlankResponse() {
        return isBlank(response);
    }

    /** Returns whether the instruction shows nothing, in which case only the response is known. */
    public boolean hasBlankInstruction() {
        return isBlank(instruction);
    }

    private static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c)
                    && !Character.isSpaceChar(c)
                    && !Character.isISOControl(c)
                    && Character.getType(c) != Character.FORMAT) {
                return false;
            }
        }
        return true;
    }

    /** Returns the lengths of the texts in chars, but not the texts, which may be private. */
    @Override
    public String toString() {
        return "Exchange[instruction=" + instruction.length() + " chars, response=" + response.length() + " chars]";
    }
}
