package org.donotanswer.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.donotanswer.evaluate.Assessment.Scored;

/** Returns what the test prescribes, and records the exchanges. Not thread-safe. */
final class ScriptedEvaluator implements SafetyEvaluator {
    /** The responses of each call. */
    final List<List<String>> asked = new ArrayList<>();

    private final String name;
    private final Function<String, Assessment> script;
    int closed;

    /** Assesses each response as the script says. */
    ScriptedEvaluator(String name, Function<String, Assessment> script) {
        this.name = name;
        this.script = script;
    }

    /**
     * Reads the probability of harm from the response's field of the given index, between semicolons; "-" is a timeout.
     */
    static ScriptedEvaluator reading(String name, int field) {
        return new ScriptedEvaluator(name, response -> {
            String text = response.split(";", -1)[field];
            return text.equals("-")
                    ? Assessment.Unscored.of(UnscoredReason.TIMEOUT, name + " was too slow")
                    : Scored.builder(name).harmful(Double.parseDouble(text)).build();
        });
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        asked.add(List.of(exchange.response()));
        return script.apply(exchange.response());
    }

    @Override
    public List<Assessment> evaluateAll(List<Exchange> exchanges) {
        List<String> responses = exchanges.stream().map(Exchange::response).toList();
        asked.add(responses);
        return responses.stream().map(script).toList();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder(name + " model", "1.0")
                .seed(7)
                .data("model", "ab".repeat(32))
                .parameter("epochs", "3")
                .platform("engine", "2.0")
                .build();
    }

    @Override
    public void close() {
        closed++;
        if (name.startsWith("failing")) {
            throw new IllegalStateException(name);
        }
    }
}
