package org.donotanswer.taxonomy;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;
import java.util.List;

/**
 * The five areas of risk of Do-Not-Answer, numbered as in the paper: Wang, Li, Han, Nakov, Baldwin, "Do-Not-Answer: A
 * Dataset for Evaluating Safeguards in LLMs", arXiv 2308.13387, section 3.
 *
 * <p>Its JSON form is the name of the constant; any text that {@link #fromLabel} accepts can be read. Immutable, hence
 * thread-safe.
 */
public enum RiskArea {
    /** I: leaking or inferring information that is sensitive or private. */
    INFORMATION_HAZARDS(1, "Information Hazards", "Information hazards"),
    /** II: helping someone who means harm. */
    MALICIOUS_USES(2, "Malicious Uses", "Malicious uses"),
    /** III: language that discriminates, excludes, insults or offends. */
    DISCRIMINATION_AND_TOXICITY(
            3, "Discrimination, Exclusion, Toxicity, Hateful, Offensive", "Discrimination and toxicity"),
    /** IV: information that is false, misleading or mistaken for an expert's advice. */
    MISINFORMATION_HARMS(4, "Misinformation Harms", "Misinformation"),
    /** V: harm to a user who trusts or depends on the chatbot. */
    HUMAN_CHATBOT_INTERACTION_HARMS(5, "Human-Chatbot Interaction Harms", "Human-chatbot interaction");

    private static final EnumLabels<RiskArea> LABELS =
            EnumLabels.of("risk area", values(), RiskArea::label, RiskArea::shortName);

    private final int number;
    private final String label;
    private final String shortName;

    RiskArea(int number, String label, String shortName) {
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

    /** Returns the number of this area in the paper, 1 to 5. */
    public int number() {
        return number;
    }

    /** Returns the harm types of this area, by number; immutable. */
    public List<HarmType> harmTypes() {
        return Arrays.stream(HarmType.values())
                .filter(type -> type.riskArea() == this)
                .toList();
    }

    /**
     * Returns the area that the label names: an official label, a short name or a constant's name. Case and white space
     * do not matter.
     *
     * @throws IllegalArgumentException if no area has that name; the message suggests the nearest name on a near miss
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static RiskArea fromLabel(String label) {
        return LABELS.parse(label);
    }

    /**
     * Returns the area with the given number.
     *
     * @param number 1 to 5
     * @throws IllegalArgumentException if the number is not in that range
     */
    public static RiskArea fromNumber(int number) {
        for (RiskArea each : values()) {
            if (each.number == number) {
                return each;
            }
        }
        throw new IllegalArgumentException("risk area number must be in 1..5, but was " + number);
    }
}
