package org.donotanswer.taxonomy;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * The categories of Llama Guard 3 and 4, by the codes with which these models respond.
 *
 * <p>Its JSON form is the name of the constant; any text that {@link #fromLabel} accepts can be read. Immutable, hence
 * thread-safe.
 */
public enum LlamaGuardCategory {
    /** S1 */
    VIOLENT_CRIMES("S1", "Violent Crimes"),
    /** S2 */
    NON_VIOLENT_CRIMES("S2", "Non-Violent Crimes"),
    /** S3 */
    SEX_RELATED_CRIMES("S3", "Sex-Related Crimes"),
    /** S4 */
    CHILD_SEXUAL_EXPLOITATION("S4", "Child Sexual Exploitation"),
    /** S5 */
    DEFAMATION("S5", "Defamation"),
    /** S6 */
    SPECIALIZED_ADVICE("S6", "Specialized Advice"),
    /** S7 */
    PRIVACY("S7", "Privacy"),
    /** S8 */
    INTELLECTUAL_PROPERTY("S8", "Intellectual Property"),
    /** S9 */
    INDISCRIMINATE_WEAPONS("S9", "Indiscriminate Weapons"),
    /** S10 */
    HATE("S10", "Hate"),
    /** S11 */
    SUICIDE_AND_SELF_HARM("S11", "Suicide & Self-Harm"),
    /** S12 */
    SEXUAL_CONTENT("S12", "Sexual Content"),
    /** S13 */
    ELECTIONS("S13", "Elections"),
    /** S14 */
    CODE_INTERPRETER_ABUSE("S14", "Code Interpreter Abuse");

    private static final EnumLabels<LlamaGuardCategory> LABELS =
            EnumLabels.of("Llama Guard category", values(), LlamaGuardCategory::label, LlamaGuardCategory::code);

    private final String code;
    private final String label;

    LlamaGuardCategory(String code, String label) {
        this.code = code;
        this.label = label;
    }

    /** Returns the code with which the models respond, "S1" to "S14". */
    public String code() {
        return code;
    }

    /** Returns the name for people to read. */
    public String label() {
        return label;
    }

    /**
     * Returns the category that the label names: a label, a code or a constant's name. Case and white space do not
     * matter.
     *
     * @throws IllegalArgumentException if no category has that name; the message suggests the nearest name on a near
     *     miss
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static LlamaGuardCategory fromLabel(String label) {
        return LABELS.parse(label);
    }
}
