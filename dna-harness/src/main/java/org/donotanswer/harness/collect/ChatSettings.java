package org.donotanswer.harness.collect;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.classifier.chat.Endpoint;
import org.donotanswer.classifier.chat.OpenAiChatModel;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.run.RunManifest;

/**
 * The settings under which an endpoint responds. Immutable, hence thread-safe.
 *
 * @param endpoint the endpoint
 * @param model the model's name at the endpoint
 * @param systemPrompt the system prompt; empty for none
 * @param temperature the temperature; empty for the endpoint's default
 * @param seed the seed; empty for none
 * @param maxTokens the maximum number of tokens of a response; empty for the endpoint's default
 * @param maxCompletionTokens the same, under the name that OpenAI's reasoning models require; at most one of both
 */
public record ChatSettings(
        Endpoint endpoint,
        String model,
        Optional<String> systemPrompt,
        OptionalDouble temperature,
        OptionalInt seed,
        OptionalInt maxTokens,
        OptionalInt maxCompletionTokens) {
    /** Checks that nothing is null. */
    public ChatSettings {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(systemPrompt, "systemPrompt");
        Objects.requireNonNull(temperature, "temperature");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(maxTokens, "maxTokens");
        Objects.requireNonNull(maxCompletionTokens, "maxCompletionTokens");
    }

    /** Returns the manifest of a run with these settings. */
    public RunManifest manifest(Llm llm, InstructionSet instructions) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("model", model);
        systemPrompt.ifPresent(value -> settings.put("systemPrompt", value));
        temperature.ifPresent(value -> settings.put("temperature", String.valueOf(value)));
        seed.ifPresent(value -> settings.put("seed", String.valueOf(value)));
        maxTokens.ifPresent(value -> settings.put("maxTokens", String.valueOf(value)));
        maxCompletionTokens.ifPresent(value -> settings.put("maxCompletionTokens", String.valueOf(value)));
        return instructions.manifest(llm, endpoint.toString(), settings);
    }

    /**
     * Returns a builder of the model with these settings, without key and timeout.
     *
     * @throws IllegalArgumentException if a setting is out of range
     * @throws IllegalStateException if both token limits are set
     */
    public OpenAiChatModel.Builder toModel() {
        OpenAiChatModel.Builder builder =
                OpenAiChatModel.builder().endpoint(endpoint).model(model);
        temperature.ifPresent(builder::temperature);
        seed.ifPresent(builder::seed);
        maxTokens.ifPresent(builder::maxTokens);
        maxCompletionTokens.ifPresent(builder::maxCompletionTokens);
        return builder;
    }

    /** Returns the settings, without the text of the system prompt. */
    @Override
    public String toString() {
        return "ChatSettings[endpoint=" + endpoint + ", model=" + model + ", systemPrompt="
                + systemPrompt.map(String::length).orElse(0) + " characters, temperature=" + temperature + ", seed="
                + seed
                + ", maxTokens=" + maxTokens + ", maxCompletionTokens=" + maxCompletionTokens + "]";
    }
}
