package org.donotanswer.guard;

import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * The embedded evaluator, except that only instructions with "hack" are risky: what is tested with it must not depend on
 * what the model thinks of an instruction.
 */
public final class RiskByWordEvaluator implements SafetyEvaluator {
    private final SafetyEvaluator embedded = SafetyEvaluator.create();

    @Override
    public Assessment evaluate(Exchange exchange) {
        return embedded.evaluate(exchange);
    }

    @Override
    public Assessment evaluateInstruction(String instruction) {
        return embedded.evaluateInstruction(instruction).isScored()
                ? Scored.builder(name())
                        .instructionRisk(instruction.contains("hack") ? 0.9 : 0.1)
                        .build()
                : embedded.evaluateInstruction(instruction);
    }

    @Override
    public boolean isNonBlocking() {
        return true;
    }

    @Override
    public String name() {
        return "risk by word 1";
    }

    @Override
    public Provenance provenance() {
        return embedded.provenance();
    }

    @Override
    public void close() {
        embedded.close();
    }
}
