package org.donotanswer.evaluate;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.taxonomy.ResponseAction;

/** Evaluates by one word, for tests of the contract and the providers. */
final class FakeEvaluator implements SafetyEvaluator {
    private final String name;
    private volatile boolean closed;

    FakeEvaluator(String name) {
        this.name = name;
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        Objects.requireNonNull(exchange, "exchange");
        requireOpen();
        String response = exchange.response();
        if (exchange.hasBlankResponse()) {
            return Unscored.of(UnscoredReason.EMPTY_RESPONSE, "response has " + response.length() + " chars");
        }
        boolean sorry = response.toLowerCase(Locale.ROOT).contains("sorry");
        return Scored.builder(name)
                .harmful(sorry ? 0.1 : 0.6)
                .actions(Distribution.certain(sorry ? ResponseAction.CANNOT_ASSIST : ResponseAction.FOLLOW_INSTRUCTION))
                .build();
    }

    @Override
    public List<Assessment> evaluateAll(List<Exchange> exchanges) {
        requireOpen();
        return SafetyEvaluator.super.evaluateAll(exchanges);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("FakeEvaluator is closed");
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder(name, "1").build();
    }

    @Override
    public void close() {
        closed = true;
    }
}
