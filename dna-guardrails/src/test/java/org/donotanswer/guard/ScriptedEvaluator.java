package org.donotanswer.guard;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Returns what the test scripts, and records what it was asked. Thread-safe if its script is. */
public final class ScriptedEvaluator implements SafetyEvaluator {
    public static final String NAME = "scripted 1";

    public final List<Exchange> asked = new CopyOnWriteArrayList<>();
    private final Function<Exchange, Assessment> script;
    private final boolean nonBlocking;
    private final String revision;
    public final AtomicInteger closed = new AtomicInteger();

    private ScriptedEvaluator(Function<Exchange, Assessment> script, boolean nonBlocking, String revision) {
        this.script = script;
        this.nonBlocking = nonBlocking;
        this.revision = revision;
    }

    /** Returns an evaluator that runs on the calling thread. */
    public static ScriptedEvaluator quick(Function<Exchange, Assessment> script) {
        return new ScriptedEvaluator(script, true, "1");
    }

    /** Returns an evaluator that runs on the guard's threads. */
    public static ScriptedEvaluator slow(Function<Exchange, Assessment> script) {
        return new ScriptedEvaluator(script, false, "1");
    }

    public ScriptedEvaluator revision(String other) {
        return new ScriptedEvaluator(script, nonBlocking, other);
    }

    /** Finds a text harmful if it, or its instruction, contains "HARM". */
    public static Assessment byWord(Exchange exchange) {
        return harm((exchange.instruction() + " " + exchange.response()).contains("HARM") ? 0.9 : 0.1);
    }

    public static Scored harm(double probability) {
        return Scored.builder(NAME).harmful(probability).build();
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        asked.add(exchange);
        return script.apply(exchange);
    }

    @Override
    public Assessment evaluateInstruction(String instruction) {
        asked.add(new Exchange(instruction, ""));
        return script.apply(new Exchange(instruction, ""));
    }

    @Override
    public boolean isNonBlocking() {
        return nonBlocking;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder("scripted", revision).build();
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
