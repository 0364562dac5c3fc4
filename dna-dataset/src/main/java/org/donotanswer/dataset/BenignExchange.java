package org.donotanswer.dataset;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A harmless instruction with a harmless response. Immutable, hence thread-safe.
 *
 * <p>Sources name LLMs differently from the benchmark. A fold that leaves an LLM out must also leave out its benign
 * exchanges, so group by {@link #llm()}, not by author.
 *
 * @param source where it was published
 * @param author who wrote the response, as named by the source: an LLM or {@code human}
 */
public record BenignExchange(String source, String author, String instruction, String response) {
    private static final String HUMAN = "human";

    /** AlpacaEval's names of the six LLMs. */
    private static final Map<String, Llm> ALPACA_EVAL = Map.of(
            "gpt4", Llm.GPT4,
            "gpt-3.5-turbo-0301", Llm.CHATGPT,
            "claude", Llm.CLAUDE,
            "chatglm2-6b", Llm.CHATGLM2,
            "llama-2-7b-chat-hf", Llm.LLAMA2_7B_CHAT,
            "vicuna-7b", Llm.VICUNA_7B);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the author is not a valid name of an LLM
     */
    public BenignExchange {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(author, "author");
        Objects.requireNonNull(instruction, "instruction");
        Objects.requireNonNull(response, "response");
        Llm unused = Llm.of(author);
    }

    /**
     * Returns the LLM that wrote the response, under the benchmark's name if it is one of its six; empty if a person wrote
     * it.
     */
    public Optional<Llm> llm() {
        if (author.equals(HUMAN)) {
            return Optional.empty();
        }
        Llm known = ALPACA_EVAL.get(author);
        return Optional.of(known == null ? Llm.of(author) : known);
    }

    /** Returns the exchange without its texts. */
    @Override
    public String toString() {
        return "BenignExchange[source=" + source + ", author=" + author + "]";
    }
}
