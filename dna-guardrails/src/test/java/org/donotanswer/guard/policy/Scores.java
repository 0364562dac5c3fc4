package org.donotanswer.guard.policy;

import java.util.EnumMap;
import java.util.Map;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Makes assessments for tests. */
final class Scores {
    private Scores() {}

    /** Returns a builder of an assessment. */
    static ScoredBuilder scored() {
        return Scored.builder("test");
    }

    /** Returns an assessment of a response to a risky instruction, with a known harm type and action. */
    static Scored answer(double harmful, HarmType type, ResponseAction action) {
        return answer(harmful, type, action, 1);
    }

    /** Returns an assessment of a response to an instruction of some risk, with a known harm type and action. */
    static Scored answer(double harmful, HarmType type, ResponseAction action, double risk) {
        return scored().harmful(harmful)
                .harmTypes(Distribution.certain(type))
                .actions(Distribution.certain(action))
                .instructionRisk(risk)
                .build();
    }

    /** Returns an assessment of which only the probability of harm and the harm type are known. */
    static Scored answer(double harmful, HarmType type) {
        return scored().harmful(harmful).harmTypes(Distribution.certain(type)).build();
    }

    /** Returns an assessment of which only the probability of harm is known. */
    static Scored answer(double harmful) {
        return scored().harmful(harmful).build();
    }

    /** Returns a distribution that gives one constant a probability and splits the rest evenly among the others. */
    static Distribution<ResponseAction> leaning(ResponseAction action, double probability) {
        Map<ResponseAction, Double> probabilities = new EnumMap<>(ResponseAction.class);
        for (ResponseAction each : ResponseAction.values()) {
            probabilities.put(
                    each, each == action ? probability : (1 - probability) / (ResponseAction.values().length - 1));
        }
        return new Distribution<>(probabilities);
    }
}
