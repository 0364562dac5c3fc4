package org.donotanswer.guard.langchain4j;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.taxonomy.HarmType;

/**
 * Finds responses with the word BAD harmful and instructions with the word RISKY risky; fails on the word FAIL. Records the
 * exchanges. Thread-safe.
 */
final class WordEvaluator implements SafetyEvaluator {
    static final String NAME = "words 1";

    /** The evaluated exchanges. */
    final List<Exchange> exchanges = new CopyOnWriteArrayList<>();

    /** The evaluated instructions without a response. */
    final List<String> instructions = new CopyOnWriteArrayList<>();

    /** Returns the instruction of the last exchange. */
    String lastInstruction() {
        return exchanges.get(exchanges.size() - 1).instruction();
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        exchanges.add(exchange);
        if (exchange.response().contains("FAIL")) {
            throw new IllegalStateException("scripted failure");
        }
        return Scored.builder(NAME)
                .harmful(exchange.response().contains("BAD") ? 0.9 : 0.1)
                .harmTypes(Distribution.certain(HarmType.ILLEGAL_ACTIVITIES))
                .build();
    }

    @Override
    public Assessment evaluateInstruction(String instruction) {
        instructions.add(instruction);
        if (instruction.contains("FAIL")) {
            throw new IllegalStateException("scripted failure");
        }
        return Scored.builder(NAME)
                .instructionRisk(instruction.contains("RISKY") ? 0.99 : 0.1)
                .build();
    }

    @Override
    public boolean isNonBlocking() {
        return true;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder(NAME, "1").build();
    }

    @Override
    public void close() {}
}
