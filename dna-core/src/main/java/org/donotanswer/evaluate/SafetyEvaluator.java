package org.donotanswer.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Judges exchanges. Implementations are thread-safe: one instance serves any number of threads, with the same results.
 *
 * <p>No text makes {@code evaluate} fail: what cannot be judged, for whatever reason, is an {@link Assessment.Unscored}.
 * Any {@code String} is legal, malformed UTF-16 included. A blank response is {@link UnscoredReason#EMPTY_RESPONSE}; a blank
 * instruction means that only the response is known.
 */
public interface SafetyEvaluator extends AutoCloseable {
    /**
     * Returns the assessment of one exchange.
     *
     * @throws NullPointerException if the exchange is null
     * @throws IllegalStateException if this evaluator is closed
     */
    Assessment evaluate(Exchange exchange);

    /**
     * Returns the assessment of a response to an instruction.
     *
     * @throws NullPointerException if either is null, naming it
     * @throws IllegalStateException if this evaluator is closed
     */
    default Assessment evaluate(String instruction, String response) {
        return evaluate(new Exchange(instruction, response));
    }

    /**
     * Returns the assessments of many exchanges, in their order; each equals what {@link #evaluate(Exchange)} returns, but for
     * the last digits where a model computes several at once. An exchange that cannot be judged is an
     * {@link Assessment.Unscored} in its place.
     *
     * @throws NullPointerException if the list or an exchange of it is null
     * @throws IllegalStateException if this evaluator is closed
     */
    default List<Assessment> evaluateAll(List<Exchange> exchanges) {
        Objects.requireNonNull(exchanges, "exchanges");
        List<Assessment> assessments = new ArrayList<>(exchanges.size());
        for (Exchange exchange : exchanges) {
            assessments.add(evaluate(exchange));
        }
        return List.copyOf(assessments);
    }

    /**
     * Returns the assessments of many exchanges by their keys, in the order of the given map; unmodifiable.
     *
     * @param <K> the keys, for example ids
     * @throws NullPointerException if the map or an exchange of it is null
     * @throws IllegalStateException if this evaluator is closed
     */
    default <K> Map<K, Assessment> evaluateAll(Map<K, Exchange> exchanges) {
        Objects.requireNonNull(exchanges, "exchanges");
        List<K> keys = new ArrayList<>(exchanges.size());
        List<Exchange> values = new ArrayList<>(exchanges.size());
        exchanges.forEach((key, exchange) -> {
            keys.add(key);
            values.add(Objects.requireNonNull(exchange, "exchange"));
        });
        List<Assessment> assessments = MemberEvaluators.assess(this, values);
        Map<K, Assessment> byKey = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            byKey.put(keys.get(i), assessments.get(i));
        }
        return Collections.unmodifiableMap(byKey);
    }

    /**
     * Returns the assessment of an instruction that has no response yet: how risky it is, and which harm it invites. Unscored
     * for the reason {@link UnscoredReason#NOT_SUPPORTED}, unless an implementation does better; so it is then for every
     * instruction.
     *
     * @throws NullPointerException if the instruction is null
     * @throws IllegalStateException if this evaluator judges instructions, and is closed
     */
    default Assessment evaluateInstruction(String instruction) {
        Objects.requireNonNull(instruction, "instruction");
        return MemberEvaluators.notSupported(name());
    }

    /**
     * Returns whether evaluating is short work of the calling thread alone: it waits for no network, device, lock or other
     * thread, and no text makes it take longer than some milliseconds. False, unless an implementation promises it. Callers may
     * then evaluate on a thread that must not wait.
     */
    default boolean isNonBlocking() {
        return false;
    }

    /**
     * Returns the name of this evaluator with its version, as {@link Assessment.Scored#evaluator()} gives it; but where one
     * asks others and one of them decides, as in a {@link Cascade}, the assessment has the name of that one.
     */
    String name();

    /** Returns what this evaluator was made of, and how. */
    Provenance provenance();

    /** Frees what this evaluator holds. Closing it again does nothing; using it afterwards is an IllegalStateException. */
    @Override
    void close();

    /**
     * Returns the evaluator that needs no model file: the embedded model on the class path. Of several, the one whose
     * provider has the highest priority.
     *
     * @throws IllegalStateException if there is none on the class path; the message names the artifact to add
     * @throws java.io.UncheckedIOException if its model cannot be read
     */
    static SafetyEvaluator create() {
        return Providers.installed().create();
    }

    /**
     * Returns an evaluator with the model at the given path: a model file, or the directory of a checkpoint. What it is
     * is worked out from its content.
     *
     * @throws IllegalStateException if there is no provider on the class path; the message names the artifact to add
     * @throws java.nio.file.NoSuchFileException if there is nothing at the path
     * @throws ModelFormatException if no provider knows this kind of model, or the model is damaged
     * @throws IOException if the model cannot be read
     */
    static SafetyEvaluator load(Path model) throws IOException {
        return Providers.installed().load(model);
    }
}
