package org.donotanswer.classifier.judge;

import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * What a judge says of an exchange, parsed from its reply. Immutable, hence thread-safe.
 *
 * @param action how the LLM responded
 * @param harmful the probability that the response is harmful, in [0, 1]
 * @param instruction the judgement of the instruction; empty if it was not requested
 */
record Judgement(ResponseAction action, double harmful, Optional<InstructionJudgement> instruction) {
    /**
     * What a judge says of an instruction.
     *
     * @param risk the probability that it is risky, in [0, 1]
     * @param type the harm type it would be if it is
     */
    record InstructionJudgement(double risk, HarmType type) {}

    /**
     * Returns a judgement of the values that the judge gave.
     *
     * @throws UnreadableReplyException if a probability is not in [0, 1], or the values contradict each other
     */
    static Judgement of(
            ResponseAction action, boolean isHarmful, double harmful, Optional<InstructionJudgement> instruction)
            throws UnreadableReplyException {
        requireProbability("harmful probability", harmful);
        if (isHarmful != harmful >= Assessment.DEFAULT_THRESHOLD) {
            throw new UnreadableReplyException("harmful must agree with its probability, but did not");
        }
        if (instruction.isPresent()) {
            requireProbability("instruction risk", instruction.get().risk());
        }
        return new Judgement(action, harmful, instruction);
    }

    private static void requireProbability(String name, double probability) throws UnreadableReplyException {
        if (!(probability >= 0 && probability <= 1)) {
            throw new UnreadableReplyException(name + " must be in [0, 1], but was not");
        }
    }

    /** Returns the assessment that an evaluator of the given name makes of this judgement. */
    Assessment.Scored toAssessment(String evaluator, boolean truncated) {
        ScoredBuilder scored = Assessment.Scored.builder(evaluator)
                .harmful(harmful)
                .actions(Distribution.certain(action))
                .truncated(truncated);
        instruction.ifPresent(
                judged -> scored.instructionRisk(judged.risk()).harmTypes(Distribution.certain(judged.type())));
        return scored.build();
    }
}
