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
 * Evaluates exchanges. Implementations are thread-safe: one instance serves any number of threads, with the same
 * results.
 *
 * <p>No text makes {@code evaluate} fail: an exchange that cannot be evaluated, for whatever reason, yields an {@link
 * Assessment.Unscored}. Any {@code String} is legal, malformed UTF-16 included. A blank response yields {@link
 * UnscoredReason#EMPTY_RESPONSE}; a blank instruction means that only the response is known.
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
     * Returns the assessments of many exchanges, in their order. Each equals what {@link #evaluate(Exchange)} returns,
     * except for the last digits if a model computes several exchanges at once. An exchange that cannot be evaluated
     * has an {@link Assessment.Unscored} in its place.
     *
     * @throws NullPointerException if the list or an exchange in it is null
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
     * @throws NullPointerException if the map or an exchange in it is null
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
     * Returns the assessment of an instruction that has no response yet: how risky it is, and which harm it invites. By
     * default, every instruction is unscored for the reason {@link UnscoredReason#NOT_SUPPORTED}; an implementation
     * either supports instructions or returns this for all of them.
     *
     * @throws NullPointerException if the instruction is null
     * @throws IllegalStateException if this evaluator supports instructions and is closed
     */
    default Assessment evaluateInstruction(String instruction) {
        Objects.requireNonNull(instruction, "instruction");
        return MemberEvaluators.notSupported(name());
    }

    /**
     * Returns whether evaluating is short work of the calling thread alone: it does not wait for a network, device,
     * lock or other thread, and takes at most a few milliseconds for any text. Callers may then evaluate on a thread
     * that must not block. False by default.
     */
    default boolean isNonBlocking() {
        return false;
    }

    /**
     * Returns the name of this evaluator, including its version. Assessments carry it as {@link
     * Assessment.Scored#evaluator()}, unless this evaluator lets another one decide, as a {@link Cascade} does: then
     * they carry the name of that one.
     */
    String name();

    /** Returns what this evaluator was made of, and how. */
    Provenance provenance();

    /**
     * Releases the resources of this evaluator. Closing it again has no effect; using it afterwards is an
     * IllegalStateException.
     */
    @Override
    void close();

    /**
     * Returns the best evaluator on the class path that needs no model file. Providers tell by their {@linkplain
     * EvaluatorProvider#priority() priority} which one that is: with the artifact dna-encoder, its encoder; otherwise, the embedded
     * model of dna-classifier.
     *
     * @throws IllegalStateException if there is none on the class path, the message then names the artifact to add; or if it cannot
     *     work here, for example for want of a native library
     * @throws java.io.UncheckedIOException if its model cannot be read
     */
    static SafetyEvaluator create() {
        return Providers.installed().create();
    }

    /**
     * Returns the evaluator of a name, which needs no model file: {@code embedded}, the embedded model; {@code encoder}, the encoder;
     * {@code cascade}, the embedded model first, and the encoder for what it is not sure of; or that of another {@linkplain
     * EvaluatorProvider#name() provider} on the class path.
     *
     * @throws IllegalArgumentException if there is no such evaluator, or it needs a model file
     * @throws IllegalStateException if its artifact, which the message names, is not on the class path; or if it cannot work here, for
     *     example for want of a native library
     * @throws java.io.UncheckedIOException if its model cannot be read
     */
    static SafetyEvaluator create(String name) {
        return Providers.installed().create(name);
    }

    /**
     * Returns the best evaluator on the class path for a guard, which evaluates while people wait. Providers tell by their
     * {@linkplain EvaluatorProvider#guardPriority() priority for guards} which one that is: with the artifact dna-encoder, its
     * cascade; otherwise, the embedded model of dna-classifier.
     *
     * @throws IllegalStateException if there is none on the class path, the message then names the artifact to add; or if it cannot
     *     work here, for example for want of a native library
     * @throws java.io.UncheckedIOException if its model cannot be read
     */
    static SafetyEvaluator createForGuard() {
        return Providers.installed().createForGuard();
    }

    /**
     * Returns an evaluator with the model at the given path: a model file or a checkpoint directory. The kind of model
     * is detected from its content.
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
