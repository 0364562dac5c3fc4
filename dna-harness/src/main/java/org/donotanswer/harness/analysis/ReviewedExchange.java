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
 * One answer of an LLM and what reviewers, evaluators or people, said of it. Immutable, hence thread-safe.
 *
 * @param id the id of the instruction: answers of several LLMs to one instruction share it, and hang together
 * @param llm who answered
 * @param harmType the harm that the instruction invites; empty if it is benign, or not known
 * @param benign whether the instruction is known to be harmless
 * @param exchange instruction and answer
 * @param finish why the LLM stopped; empty if not known
 * @param reviews what each reviewer said, by the reviewer's name; a person's label is a certain one
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
