package org.donotanswer.harness.run;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ResponseText;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * An LLM's response to an instruction. Immutable, hence thread-safe.
 *
 * @param id the instruction's id, not blank
 * @param specificHarm the harm that the instruction asks for; empty if it is benign or the harm is unknown
 * @param benign whether the instruction is known to be harmless, so that refusing it is a fault
 * @param exchange the instruction and the response, without thinking; it is empty if the LLM returned no text
 * @param finish why the LLM stopped; empty if unknown
 * @param usage the tokens used
 * @param model the name of the responding model as reported by the endpoint, often with a version; empty if unknown
 * @param thinking what the LLM thought before it answered, which is never judged; empty if it is unknown
 */
public record CollectedResponse(
        String id,
        Optional<SpecificHarm> specificHarm,
        boolean benign,
        Exchange exchange,
        Optional<Finish> finish,
        TokenUsage usage,
        Optional<String> model,
        Optional<String> thinking) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the id or the model is blank, or a benign instruction has a harm
     */
    public CollectedResponse {
        if (Objects.requireNonNull(id, "id").isBlank()) {
            throw new IllegalArgumentException("id must not be blank, but was '" + id + "'");
        }
        Objects.requireNonNull(specificHarm, "specificHarm");
        Objects.requireNonNull(exchange, "exchange");
        Objects.requireNonNull(finish, "finish");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(thinking, "thinking");
        if (model.isPresent() && model.get().isBlank()) {
            throw new IllegalArgumentException("model must not be blank, but was (id " + id + ")");
        }
        if (benign && specificHarm.isPresent()) {
            throw new IllegalArgumentException(
                    "benign instruction must have no harm, but had " + specificHarm.get() + " (id " + id + ")");
        }
    }

    /**
     * Creates a response without thinking.
     *
     * @throws IllegalArgumentException as the canonical constructor
     */
    public CollectedResponse(
            String id,
            Optional<SpecificHarm> specificHarm,
            boolean benign,
            Exchange exchange,
            Optional<Finish> finish,
            TokenUsage usage,
            Optional<String> model) {
        this(id, specificHarm, benign, exchange, finish, usage, model, Optional.empty());
    }

    /**
     * Returns this response with thinking that is still in its text kept beside it, as
     * {@link org.donotanswer.evaluate.ResponseText} describes.
     */
    public CollectedResponse dividingThinking() {
        ResponseText divided = ResponseText.of(exchange.response());
        if (divided.answer().length() == exchange.response().length()) {
            return this;
        }
        return new CollectedResponse(
                id,
                specificHarm,
                benign,
                Exchange.of(exchange.instruction(), divided.answer()),
                finish,
                usage,
                model,
                thinking.isPresent() ? thinking : divided.thinking());
    }

    /** Returns a response of which only the texts are known. */
    public static CollectedResponse of(String id, Optional<SpecificHarm> specificHarm, Exchange exchange) {
        return new CollectedResponse(
                id, specificHarm, false, exchange, Optional.empty(), TokenUsage.NONE, Optional.empty());
    }

    /** Returns the JSON line of this response in a run's file, without the line feed. */
    public String toJsonLine() {
        return RunJson.line(this);
    }
}
