package org.donotanswer.dataset;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A large language model, by the name that the published files use for it. Models beyond the six of the paper may have
 * any other name. Ordered as published, then by name. Immutable, hence thread-safe.
 *
 * @param name the part of the file name that stands for the model, such as {@code llama2-7b-chat}
 */
public record Llm(String name) implements Comparable<Llm> {
    public static final Llm GPT4 = new Llm("GPT4");
    public static final Llm CHATGPT = new Llm("ChatGPT");
    public static final Llm CLAUDE = new Llm("Claude");
    public static final Llm CHATGLM2 = new Llm("ChatGLM2");
    public static final Llm LLAMA2_7B_CHAT = new Llm("llama2-7b-chat");
    public static final Llm VICUNA_7B = new Llm("vicuna-7b");

    /** Ends the file names of reviews that saw the response only, hence never a model's name. */
    static final String RESPONSE_ONLY_SUFFIX = "_ro";

    private static final List<Llm> PUBLISHED = List.of(GPT4, CHATGPT, CLAUDE, CHATGLM2, LLAMA2_7B_CHAT, VICUNA_7B);
    private static final Comparator<Llm> ORDER =
            Comparator.comparingInt(Llm::publishedRank).thenComparing(Llm::name);

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name is blank, has control characters, or ends with {@code _ro}
     */
    public Llm {
        Objects.requireNonNull(name, "name");
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "LLM name must be visible text, but was " + DatasetFormatException.clip(name));
        }
        if (name.endsWith(RESPONSE_ONLY_SUFFIX)) {
            throw new IllegalArgumentException(
                    "LLM name must not end with _ro, the mark of response-only reviews, but was "
                            + DatasetFormatException.clip(name));
        }
    }

    /**
     * Returns the model of the given name, one of the six or another.
     *
     * @throws IllegalArgumentException as the constructor
     */
    public static Llm of(String name) {
        return new Llm(name);
    }

    /** Returns the six models of the paper, in the published order. */
    public static List<Llm> published() {
        return PUBLISHED;
    }

    /** Returns whether this is one of the six models of the paper. */
    public boolean isPublished() {
        return PUBLISHED.contains(this);
    }

    private static int publishedRank(Llm llm) {
        int index = PUBLISHED.indexOf(llm);
        return index >= 0 ? index : PUBLISHED.size();
    }

    @Override
    public int compareTo(Llm other) {
        return ORDER.compare(this, other);
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name;
    }
}
