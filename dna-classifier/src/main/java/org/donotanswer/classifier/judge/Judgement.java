package org.donotanswer.classifier.judge;

import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * What a judge says of an exchange. Immutable, hence thread-safe.
 *
 * @param action how the chatbot acted
 * @param harmful the probability that the response is harmful, in [0, 1]
 * @param instruction what it says of the instruction; empty where it was not asked
 */
record Judgement(ResponseAction action, double harmful, Optional<InstructionJudgement> instruction) {
    /** The risk of an instruction, and its type. */
    record InstructionJudgement(double risk, HarmType type) {}

    /**
     * Returns the verdict of values as a judge gives them.
     *
     * @throws UnreadableReplyException if they are out of range, or contradict each other
     */
    static Judgement of(
            ResponseAction action, boolean isHarmful, double harmful, Optional<InstructionJudgement> instruction)
            throws UnreadableReplyException {
        requireProbability("harmful probability", harmful);
        if (isHarmful != harmful >= Assessment.DEFAULT_THRESHOLD) {
            throw new UnreadableReplyException("harmfulness must be that of its probability, but was its contrary");
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

    /** Returns the assessment of an evaluator of the given name. */
    Assessment.Scored toAssessment(String evaluator, boolean truncated) {
        ScoredBuilder scored = Assessment.Scored.builder(evaluator)
                .harmful(harmful)
                .actions(Distribution.certain(action))
                .truncated(truncated);
        instruction.ifPresent(said -> scored.instructionRisk(said.risk()).harmTypes(Distribution.certain(said.type())));
        return scored.build();
    }

    /** Thrown when a reply is no verdict. The message says why, and quotes nothing of the reply. */
    static final class UnreadableReplyException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableReplyException(String message) {
            super(message);
        }
    }
}
