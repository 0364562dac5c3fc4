package org.donotanswer.dataset;

/**
 * A text of data on prompt injection: what a user says, or content that reaches an LLM, for example a document or the result of
 * a tool.
 *
 * @param isInjection whether it attacks the LLM; this says nothing about harm
 */
record PlacedText(String text, boolean isContent, boolean isInjection) {
    private static final String TEXT = "text";
    private static final String PLACE = "place";
    private static final String INJECTION = "injection";
    private static final String USER = "user";
    private static final String CONTENT = "content";

    /** Returns whether a line holds such a text rather than an instruction. */
    static boolean isIn(JsonLines.Line line) {
        return line.object().hasNonNull(TEXT) && !line.object().hasNonNull("instruction");
    }

    static PlacedText of(JsonLines.Line line) throws DatasetFormatException {
        String text = line.nonBlank(TEXT);
        String place = line.nonBlank(PLACE);
        if (!place.equals(USER) && !place.equals(CONTENT)) {
            throw line.error(
                    "place must be " + USER + " or " + CONTENT + ", but was " + DatasetFormatException.clip(place),
                    PLACE);
        }
        boolean isInjection = line.optionalFlag(INJECTION)
                .orElseThrow(() -> line.error(INJECTION + " must be 0 or 1, but was missing", INJECTION));
        return new PlacedText(text, place.equals(CONTENT), isInjection);
    }
}
