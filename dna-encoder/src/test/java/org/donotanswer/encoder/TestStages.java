package org.donotanswer.encoder;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.encoder.SecondStage.ClassMix;

/** Second stages, and the heads of the shipped model. */
final class TestStages {
    static final List<HeadKind> HEADS =
            List.of(HeadKind.HARMFUL, HeadKind.REFUSAL, HeadKind.ACTION, HeadKind.INSTRUCTION_RISK, HeadKind.HARM_TYPE);

    static final Map<HeadKind, Double> TEMPERATURES = temperatures(1);

    private TestStages() {}

    static Map<HeadKind, Double> temperatures(double temperature) {
        Map<HeadKind, Double> temperatures = new EnumMap<>(HeadKind.class);
        HEADS.forEach(head -> temperatures.put(head, temperature));
        return temperatures;
    }

    /** Returns a stage with these weights for harm, which otherwise takes the encoder's word. */
    static SecondStage ofHarm(Map<String, Double> weights) {
        return new SecondStage(
                Map.of(
                        HeadKind.HARMFUL, weights,
                        HeadKind.REFUSAL, Map.of("encoderFirst", 1.0),
                        HeadKind.INSTRUCTION_RISK, Map.of("encoderFirst", 1.0)),
                Map.of(HeadKind.ACTION, mix(1, 0, 6), HeadKind.HARM_TYPE, mix(1, 0, 12)));
    }

    /** Returns a stage that averages both judges. */
    static SecondStage average() {
        Map<String, Double> half = Map.of("encoderMax", 0.25, "encoderMean", 0.25, "embedded", 0.5);
        return new SecondStage(
                Map.of(HeadKind.HARMFUL, half, HeadKind.REFUSAL, half, HeadKind.INSTRUCTION_RISK, half),
                Map.of(HeadKind.ACTION, mix(0.5, 0.5, 6), HeadKind.HARM_TYPE, mix(0.5, 0.5, 12)));
    }

    static ClassMix mix(double encoderWeight, double embeddedWeight, int classes) {
        return new ClassMix(encoderWeight, embeddedWeight, Collections.nCopies(classes, 0.0));
    }

    /** Returns the logits of 24 outputs with these log odds of events, and one action and harm type ahead of the others. */
    static float[] logits(double harmful, double refusal, double risk, int action, int harmType) {
        float[] logits = new float[24];
        logits[1] = (float) harmful;
        logits[3] = (float) refusal;
        logits[4 + action] = 2;
        logits[11] = (float) risk;
        logits[12 + harmType] = 3;
        return logits;
    }
}
