package org.donotanswer.dataset;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A harmless instruction with a harmless response. Immutable, hence thread-safe.
 *
 * @param source where it was published
 * @param author who wrote the response, by the name that the source uses: an LLM's, or {@code human}
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
     * @throws IllegalArgumentException if the author is neither {@code human} nor a name that an LLM can have
     */
    public BenignExchange {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(author, "author");
        Objects.requireNonNull(instruction, "instruction");
        Objects.requireNonNull(response, "response");
        Llm unused = Llm.of(author);
    }

    /**
     * Returns the LLM that wrote the response, as the benchmark names it where it is one of its six, so that whoever
     * leaves an LLM out can leave out this exchange too; empty if a person wrote it.
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
