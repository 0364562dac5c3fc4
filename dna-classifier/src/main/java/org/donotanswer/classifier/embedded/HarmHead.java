package org.donotanswer.classifier.embedded;

/**
 * The head for harm. The probability that a response is harmful is the product of two factors: that the response follows
 * the instruction, and that the topic is risky. The first factor is the calibrated probability of the action, given a risky
 * instruction. The second factor, the gate, is computed from the instruction and from the words of the response. Immutable,
 * hence thread-safe.
 *
 * @param slope the slope of the calibration of the first factor, in logits
 * @param intercept the intercept of the calibration of the first factor, in logits
 * @param gated whether there is a gate; without one, every topic counts as risky
 * @param gateOffset the margin at which the gate is one half
 * @param gateOffsetWithoutInstruction the same where only the response is known
 * @param gateSharpness the steepness of the gate, in logits per unit of margin
 * @param topicWeight the weight of the topic margin in the gate, relative to the instruction risk margin
 */
public record HarmHead(
        double slope,
        double intercept,
        boolean gated,
        double gateOffset,
        double gateOffsetWithoutInstruction,
        double gateSharpness,
        double topicWeight) {
    private static final double MIN_PROBABILITY = 1e-6;

    /**
     * Returns the probability that the response is harmful.
     *
     * @param follows the probability of the action that follows the instruction
     * @param hasInstruction whether the instruction is known
     * @param riskMargin the margin of the instruction risk; ignored without an instruction
     * @param topicMargin the margin of the topic risk of the response
     */
    public double probability(double follows, boolean hasInstruction, double riskMargin, double topicMargin) {
        double calibrated = sigmoid(slope * logit(follows) + intercept);
        if (!gated) {
            return calibrated;
        }
        double above = hasInstruction
                ? riskMargin + topicWeight * topicMargin - gateOffset
                : topicMargin - gateOffsetWithoutInstruction;
        return calibrated * sigmoid(gateSharpness * above);
    }

    /** Returns the log odds of a probability, clamped so that they are finite. */
    public static double logit(double probability) {
        double p = Math.min(1 - MIN_PROBABILITY, Math.max(MIN_PROBABILITY, probability));
        return Math.log(p / (1 - p));
    }

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
