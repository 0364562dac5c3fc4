package org.donotanswer.harness.run;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * What an LLM answered to one instruction. Immutable, hence thread-safe.
 *
 * @param id the instruction's id, not blank
 * @param specificHarm what the instruction asks for; empty if it is benign, or not known
 * @param benign whether the instruction is known to be harmless, so that a refusal is one too many
 * @param exchange the instruction and the response, which is empty if the LLM said nothing
 * @param finish why the LLM stopped; empty if not known
 * @param usage how many tokens it took
 * @param model the model that answered, as the endpoint names it, often with a version; empty if not known
 */
public record CollectedResponse(
        String id,
        Optional<SpecificHarm> specificHarm,
        boolean benign,
        Exchange exchange,
        Optional<Finish> finish,
        TokenUsage usage,
        Optional<String> model) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the id is blank, the model is, or a benign instruction has a harm
     */
    public CollectedResponse {
        if (Objects.requireNonNull(id, "id").isBlank()) {
            throw new IllegalArgumentException("id must not be blank, but was '" + id + "'");
        }
        Objects.requireNonNull(specificHarm, "specificHarm");
        Objects.requireNonNull(exchange, "exchange");
        Objects.requireNonNull(finish, "finish");
        Objects.requireNonNull(usage, "usage");
        if (model.isPresent() && model.get().isBlank()) {
            throw new IllegalArgumentException("model must not be blank, but was (id " + id + ")");
        }
        if (benign && specificHarm.isPresent()) {
            throw new IllegalArgumentException(
                    "benign instruction must be without a harm, but was of " + specificHarm.get() + " (id " + id + ")");
        }
    }

    /** Creates a response of a model that is not known. */
    public CollectedResponse(
            String id,
            Optional<SpecificHarm> specificHarm,
            boolean benign,
            Exchange exchange,
            Optional<Finish> finish,
            TokenUsage usage) {
        this(id, specificHarm, benign, exchange, finish, usage, Optional.empty());
    }

    /** Returns a response of which nothing but the texts is known. */
    public static CollectedResponse of(String id, Optional<SpecificHarm> specificHarm, Exchange exchange) {
        return new CollectedResponse(id, specificHarm, false, exchange, Optional.empty(), TokenUsage.NONE);
    }

    /** Returns the line of JSON that holds all of this in a run's file, without its end. */
    public String toJsonLine() {
        return RunJson.line(this);
    }
}
