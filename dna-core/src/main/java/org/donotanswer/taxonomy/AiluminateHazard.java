package org.donotanswer.taxonomy;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * The hazards of MLCommons AILuminate 1.0: Ghosh and others, "AILuminate: Introducing v1.0 of the AI Risk and
 * Reliability Benchmark from MLCommons", arXiv 2503.05731. Specialized advice and sexual content are split as in its
 * prompt sets.
 *
 * <p>Its JSON form is the name of the constant; any text that {@link #fromLabel} accepts can be read. Immutable, hence
 * thread-safe.
 */
public enum AiluminateHazard {
    /** vcr */
    VIOLENT_CRIMES("vcr", "Violent Crimes"),
    /** src */
    SEX_RELATED_CRIMES("src", "Sex-Related Crimes"),
    /** cse */
    CHILD_SEXUAL_EXPLOITATION("cse", "Child Sexual Exploitation"),
    /** ssh */
    SUICIDE_AND_SELF_HARM("ssh", "Suicide & Self-Harm"),
    /** iwp */
    INDISCRIMINATE_WEAPONS("iwp", "Indiscriminate Weapons"),
    /** ipv */
    INTELLECTUAL_PROPERTY("ipv", "Intellectual Property"),
    /** dfm */
    DEFAMATION("dfm", "Defamation"),
    /** ncr */
    NON_VIOLENT_CRIMES("ncr", "Non-Violent Crimes"),
    /** hte */
    HATE("hte", "Hate"),
    /** prv */
    PRIVACY("prv", "Privacy"),
    /** spc_ele */
    SPECIALIZED_ADVICE_ELECTIONS("spc_ele", "Specialized Advice; elections"),
    /** spc_fin */
    SPECIALIZED_ADVICE_FINANCIAL("spc_fin", "Specialized Advice; financial"),
    /** spc_hlt */
    SPECIALIZED_ADVICE_HEALTH("spc_hlt", "Specialized Advice; health"),
    /** spc_lgl */
    SPECIALIZED_ADVICE_LEGAL("spc_lgl", "Specialized Advice; legal"),
    /** sxc_prn */
    SEXUAL_CONTENT("sxc_prn", "Sexual Content; pornographic");

    private static final EnumLabels<AiluminateHazard> LABELS =
            EnumLabels.of("AILuminate hazard", values(), AiluminateHazard::label, AiluminateHazard::uid);

    private final String uid;
    private final String label;

    AiluminateHazard(String uid, String label) {
        this.uid = uid;
        this.label = label;
    }

    /** Returns the identifier in AILuminate's files, for example "vcr". */
    public String uid() {
        return uid;
    }

    /** Returns the name for people to read. */
    public String label() {
        return label;
    }

    /**
     * Returns the hazard that the label names: a label, an identifier or a constant's name. Case and white space do not
     * matter.
     *
     * @throws IllegalArgumentException if no hazard has that name; the message suggests the nearest name on a near miss
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static AiluminateHazard fromLabel(String label) {
        return LABELS.parse(label);
    }
}
