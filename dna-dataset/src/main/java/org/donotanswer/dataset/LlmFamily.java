package org.donotanswer.dataset;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The family of an LLM, which sources name differently: {@code GPT4} and {@code openai/gpt-4o-2024-11-20}. */
final class LlmFamily {
    private static final Pattern PEOPLE = Pattern.compile("human|written|people");
    /** The first pattern that is found in a name decides. */
    private static final Map<Pattern, String> FAMILIES = new LinkedHashMap<>();

    static {
        add("deepseek", "deepseek|mai-ds-r1|r1-1776");
        add("claude", "claude");
        add("glm", "glm");
        add("gpt-oss", "gpt-oss");
        add("gpt-5", "gpt-?5");
        add("gpt-4", "gpt-?4|chatgpt-4");
        add("gpt-3.5", "gpt-?3\\.5|chatgpt");
        add("gpt-3", "davinci");
        add("vicuna", "vicuna");
        add("qwen", "qwen");
        add("gemma", "gemma");
        add("gemini", "gemini");
        add("mistral", "mistral|mixtral");
        add("llama-2", "llama-?2");
        add("llama-3", "llama-?3");
        add("llama-4", "llama-?4");
        add("llava", "llava");
        add("internlm", "internlm|internvl");
        add("grok", "grok");
        add("yi", "\\byi-");
    }

    private LlmFamily() {}

    private static void add(String family, String pattern) {
        FAMILIES.put(Pattern.compile(pattern), family);
    }

    /** Returns the family, or the name in lower case without its provider if the family is not known; empty for people. */
    static Optional<String> of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (PEOPLE.matcher(lower).find()) {
            return Optional.empty();
        }
        return Optional.of(FAMILIES.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(lower).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> lower.substring(lower.lastIndexOf('/') + 1)));
    }
}
