package org.donotanswer.taxonomy;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * The categories of OpenAI's moderation endpoint, model {@code omni-moderation-latest}.
 *
 * <p>Its JSON form is the name of the constant; any text that {@link #fromLabel} accepts can be read. Immutable, hence
 * thread-safe.
 */
public enum OpenAiModerationCategory {
    /** harassment */
    HARASSMENT("harassment"),
    /** harassment/threatening */
    HARASSMENT_THREATENING("harassment/threatening"),
    /** hate */
    HATE("hate"),
    /** hate/threatening */
    HATE_THREATENING("hate/threatening"),
    /** illicit */
    ILLICIT("illicit"),
    /** illicit/violent */
    ILLICIT_VIOLENT("illicit/violent"),
    /** self-harm */
    SELF_HARM("self-harm"),
    /** self-harm/intent */
    SELF_HARM_INTENT("self-harm/intent"),
    /** self-harm/instructions */
    SELF_HARM_INSTRUCTIONS("self-harm/instructions"),
    /** sexual */
    SEXUAL("sexual"),
    /** sexual/minors */
    SEXUAL_MINORS("sexual/minors"),
    /** violence */
    VIOLENCE("violence"),
    /** violence/graphic */
    VIOLENCE_GRAPHIC("violence/graphic");

    private static final EnumLabels<OpenAiModerationCategory> LABELS = EnumLabels.of(
            "OpenAI moderation category", values(), OpenAiModerationCategory::label, OpenAiModerationCategory::label);

    private final String label;

    OpenAiModerationCategory(String label) {
        this.label = label;
    }

    /** Returns the key of the category in the endpoint's responses, for example "self-harm/intent". */
    public String label() {
        return label;
    }

    /**
     * Returns the category that the label names: the endpoint's key or a constant's name. Case and white space do not
     * matter.
     *
     * @throws IllegalArgumentException if no category has that name; the message suggests the nearest name on a near
     *     miss
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static OpenAiModerationCategory fromLabel(String label) {
        return LABELS.parse(label);
    }
}
