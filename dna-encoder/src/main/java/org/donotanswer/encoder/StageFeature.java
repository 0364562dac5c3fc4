package org.donotanswer.encoder;

import java.util.Arrays;
import java.util.Optional;

/**
 * What the second stage can weigh for the head of an event. All but the first and the last are log odds, clamped to [-12,
 * 12]; one that is not known, such as the risk of a blank instruction, is 0. Immutable, hence thread-safe.
 */
enum StageFeature {
    /** The number 1. */
    BIAS("bias"),
    /** The head's greatest log odds over the windows. */
    ENCODER_MAX("encoderMax"),
    /** The mean of the head's log odds over the windows. */
    ENCODER_MEAN("encoderMean"),
    /** The head's log odds in the first window. */
    ENCODER_FIRST("encoderFirst"),
    /** The log odds of a refusal in the first window: what a response does, its beginning tells. */
    ENCODER_REFUSAL("encoderRefusal"),
    /** The log odds of a risky instruction in the first window. */
    ENCODER_RISK("encoderRisk"),
    /** The embedded judge's log odds of the head's event. */
    EMBEDDED("embedded"),
    /** The embedded judge's log odds of a refusal. */
    EMBEDDED_REFUSAL("embeddedRefusal"),
    /** The embedded judge's log odds of a risky instruction. */
    EMBEDDED_RISK("embeddedRisk"),
    /** The natural logarithm of the number of windows. */
    LOG_WINDOWS("logWindows");

    private final String key;

    StageFeature(String key) {
        this.key = key;
    }

    /** Returns the name in the JSON form of a {@link SecondStage}. */
    String key() {
        return key;
    }

    /** Returns the feature with a name in the JSON form. */
    static Optional<StageFeature> named(String key) {
        return Arrays.stream(values())
                .filter(feature -> feature.key.equals(key))
                .findFirst();
    }
}
