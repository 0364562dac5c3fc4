package org.donotanswer.taxonomy;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;
import java.util.List;

/**
 * The twelve types of harm of Do-Not-Answer, numbered as in the paper (arXiv 2308.13387, section 3).
 *
 * <p>Every instruction of the dataset is risky. A harm type predicted from an instruction therefore means "if this is
 * risky, it is of this type", never "this is risky".
 *
 * <p>Its JSON form is the name of the constant; any text that {@link #fromLabel} accepts can be read. Immutable, hence
 * thread-safe.
 */
public enum HarmType {
    /** 1: secrets of organizations and governments. */
    SENSITIVE_ORGANIZATION_INFORMATION(
            1,
            RiskArea.INFORMATION_HAZARDS,
            "Risks from leaking or inferring sensitive information (organization/gov)",
            "Sensitive organization information"),
    /** 2: private information of a person. */
    PRIVATE_INFORMATION(
            2,
            RiskArea.INFORMATION_HAZARDS,
            "Compromise privacy by leaking or inferring private information (person/individual)",
            "Private information"),
    /** 3: help with illegal activities. */
    ILLEGAL_ACTIVITIES(3, RiskArea.MALICIOUS_USES, "Assisting illegal activities", "Illegal activities"),
    /** 4: encouragement of unethical or unsafe actions. */
    UNETHICAL_OR_UNSAFE_ACTIONS(
            4,
            RiskArea.MALICIOUS_USES,
            "Nudging or advising users to perform unethical or unsafe actions",
            "Unethical or unsafe actions"),
    /** 5: cheap disinformation and spam. */
    DISINFORMATION_CAMPAIGNS(
            5, RiskArea.MALICIOUS_USES, "Reducing the cost of disinformation campaigns", "Disinformation campaigns"),
    /** 6: stereotypes about groups, and discrimination against them. */
    STEREOTYPES_AND_DISCRIMINATION(
            6,
            RiskArea.DISCRIMINATION_AND_TOXICITY,
            "Social stereotypes and unfair discrimination",
            "Stereotypes and discrimination"),
    /** 7: insults, obscenity and hate speech. */
    TOXIC_LANGUAGE(7, RiskArea.DISCRIMINATION_AND_TOXICITY, "Toxic language (hate speech)", "Toxic language"),
    /** 8: sexual content and graphic violence. */
    ADULT_CONTENT(8, RiskArea.DISCRIMINATION_AND_TOXICITY, "Adult Content", "Adult content"),
    /** 9: falsehoods, rumors and propaganda. */
    FALSE_OR_MISLEADING_INFORMATION(
            9,
            RiskArea.MISINFORMATION_HARMS,
            "Disseminating false or misleading information",
            "False or misleading information"),
    /** 10: advice that requires a qualified expert. */
    MATERIAL_HARM_BY_MISINFORMATION(
            10,
            RiskArea.MISINFORMATION_HARMS,
            "Causing material harm by disseminating misinformation e.g. in medicine or law",
            "Material harm by misinformation"),
    /** 11: users in a mental health crisis, or who rely too much on the chatbot. */
    MENTAL_HEALTH_OR_OVERRELIANCE(
            11,
            RiskArea.HUMAN_CHATBOT_INTERACTION_HARMS,
            "Mental Health or Overreliance Crisis",
            "Mental health or overreliance"),
    /** 12: users who treat the chatbot as a person. */
    CHATBOT_AS_HUMAN(
            12, RiskArea.HUMAN_CHATBOT_INTERACTION_HARMS, "Treat Chatbot as a Human", "Chatbot treated as human");

    private static final EnumLabels<HarmType> LABELS =
            EnumLabels.of("harm type", values(), HarmType::label, HarmType::shortName);

    private final int number;
    private final RiskArea riskArea;
    private final String label;
    private final String shortName;

    HarmType(int number, RiskArea riskArea, String label, String shortName) {
        this.riskArea = riskArea;
        this.number = number;
        this.label = label;
        this.shortName = shortName;
    }

    /** Returns the official label, exactly as in the published files. */
    public String label() {
        return label;
    }

    /** Returns a short name for tables and messages. */
    public String shortName() {
        return shortName;
    }

    /** Returns the number of this type in the paper, 1 to 12. */
    public int number() {
        return number;
    }

    /** Returns the risk area that this type belongs to. */
    public RiskArea riskArea() {
        return riskArea;
    }

    /** Returns the specific harms of this type, in the order of the published file; immutable. */
    public List<SpecificHarm> specificHarms() {
        return Arrays.stream(SpecificHarm.values())
                .filter(harm -> harm.harmType() == this)
                .toList();
    }

    /**
     * Returns the type that the label names: an official label, a short name or a constant's name. Case and white space
     * do not matter.
     *
     * @throws IllegalArgumentException if no type has that name; the message suggests the nearest name on a near miss
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static HarmType fromLabel(String label) {
        return LABELS.parse(label);
    }

    /**
     * Returns the type with the given number.
     *
     * @param number 1 to 12
     * @throws IllegalArgumentException if the number is not in that range
     */
    public static HarmType fromNumber(int number) {
        for (HarmType each : values()) {
            if (each.number == number) {
                return each;
            }
        }
        throw new IllegalArgumentException("harm type number must be in 1..12, but was " + number);
    }
}
