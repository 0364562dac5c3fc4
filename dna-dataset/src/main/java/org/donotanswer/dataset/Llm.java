package org.donotanswer.dataset;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A large language model under test, by its name in the published files. LLMs other than the paper's six have any other
 * name. Ordered as published, then by name. Immutable, hence thread-safe.
 *
 * <p>The style of responses differs between LLMs, and classifiers pick it up: measure them on LLMs that they were not trained
 * on. The order by harmfulness that the paper reports is certain only where the confidence intervals are disjoint.
 *
 * @param name as in the names of files, for example {@code llama2-7b-chat}
 */
public record Llm(String name) implements Comparable<Llm> {
    public static final Llm GPT4 = new Llm("GPT4");
    public static final Llm CHATGPT = new Llm("ChatGPT");
    public static final Llm CLAUDE = new Llm("Claude");
    public static final Llm CHATGLM2 = new Llm("ChatGLM2");
    public static final Llm LLAMA2_7B_CHAT = new Llm("llama2-7b-chat");
    public static final Llm VICUNA_7B = new Llm("vicuna-7b");

    /** The suffix of the names of files with response-only reviews, with which no LLM's name may end. */
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
            throw new IllegalArgumentException("LLM name must be visible text without control characters, but was "
                    + DatasetFormatException.clip(name));
        }
        if (name.endsWith(RESPONSE_ONLY_SUFFIX)) {
            throw new IllegalArgumentException(
                    "LLM name must not end with _ro, the suffix of response-only reviews, but was "
                            + DatasetFormatException.clip(name));
        }
    }

    /**
     * Returns the LLM with the given name.
     *
     * @throws IllegalArgumentException if the name is blank, has control characters, or ends with {@code _ro}
     */
    public static Llm of(String name) {
        return new Llm(name);
    }

    /** Returns the six LLMs of the paper, in the published order. */
    public static List<Llm> published() {
        return PUBLISHED;
    }

    /** Returns whether this is one of the six LLMs of the paper. */
    public boolean isPublished() {
        return PUBLISHED.contains(this);
    }

    /**
     * Returns the name of this LLM's family, which does not depend on how a source names the LLM: {@code gpt-4} for
     * {@link #GPT4} and {@code openai/gpt-4o-2024-11-20}. An LLM whose family is not known is a family of its own.
     *
     * @see LabelledExample#llmFamily()
     */
    public String family() {
        return LlmFamily.of(name).orElse(name);
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
