package org.donotanswer.harness.analysis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.taxonomy.HarmType;

/**
 * An LLM's response to an instruction, with its reviews by evaluators and people. Immutable, hence thread-safe.
 *
 * @param id the id of the instruction; the responses of several LLMs to one instruction share it, and depend on each other
 * @param llm the LLM that responded
 * @param harmType the harm that the instruction invites; empty if it is benign, or not known
 * @param benign whether the instruction is known to be harmless
 * @param exchange instruction and response
 * @param finish why the response ended; empty if not known
 * @param reviews the assessment of each reviewer, by name; people's labels are certain
 */
public record ReviewedExchange(
        String id,
        Llm llm,
        Optional<HarmType> harmType,
        boolean benign,
        Exchange exchange,
        Optional<Finish> finish,
        Map<String, Assessment> reviews) {
    /** Copies the map and checks that nothing is null. */
    public ReviewedExchange {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(llm, "llm");
        Objects.requireNonNull(harmType, "harmType");
        Objects.requireNonNull(exchange, "exchange");
        Objects.requireNonNull(finish, "finish");
        reviews = Collections.unmodifiableMap(new LinkedHashMap<>(reviews));
    }
}
