package org.donotanswer.guard.springai;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;

/** Evaluates by keyword: "poison" is harmful, "mild" is in between. Records the exchanges. Thread-safe. */
final class KeywordEvaluator implements SafetyEvaluator {
    static final String NAME = "words";

    final List<Exchange> exchanges = Collections.synchronizedList(new ArrayList<>());
    final List<String> askedInstructions = Collections.synchronizedList(new ArrayList<>());
    final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

    private final Consumer<String> before;

    KeywordEvaluator() {
        this(text -> {});
    }

    /** Runs on each text before it is evaluated. */
    KeywordEvaluator(Consumer<String> before) {
        this.before = before;
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        exchanges.add(exchange);
        threads.add(Thread.currentThread());
        before.accept(exchange.response());
        if (exchange.hasBlankResponse()) {
            return Unscored.of(UnscoredReason.EMPTY_RESPONSE, "");
        }
        return Scored.builder(NAME).harmful(harm(exchange.response())).build();
    }

    @Override
    public Assessment evaluateInstruction(String instruction) {
        askedInstructions.add(instruction);
        threads.add(Thread.currentThread());
        before.accept(instruction);
        return Scored.builder(NAME).instructionRisk(harm(instruction)).build();
    }

    private static double harm(String text) {
        return text.contains("poison") ? 0.99 : text.contains("mild") ? 0.4 : 0.1;
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
