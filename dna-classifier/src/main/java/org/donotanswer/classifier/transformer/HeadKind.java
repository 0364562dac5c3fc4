package org.donotanswer.classifier.transformer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * What a head of a checkpoint predicts. A checkpoint may have one head of each kind on the same encoder: {@code heads} in
 * its config.json then says which outputs belong to which, by the names and in the orders given here. Immutable, hence
 * thread-safe.
 */
public enum HeadKind {
    /** Whether the response is harmful. */
    HARMFUL,
    /** Whether the instruction is risky, for example an injection, whatever the response. */
    INSTRUCTION_RISK,
    /** Whether the response is a refusal. */
    REFUSAL,
    /** The action of the response. */
    ACTION,
    /** The type of harm that the instruction invites, if it is risky. */
    HARM_TYPE;

    /** Returns the name in {@code heads} of config.json, such as {@code instruction_risk}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns what to name the outputs of such a head in {@code id2label}, in the order of its outputs: the absence of the
     * event and the event, or the short names of the {@linkplain ResponseAction actions} or {@linkplain HarmType harm types}
     * in the order of the constants. No two kinds share a label. A checkpoint with these labels for its only head, and no
     * {@code input_format}, is read in the same way without {@code heads}, except for harm types.
     */
    public List<String> labels() {
        return switch (this) {
            case HARMFUL -> List.of("harmless", "harmful");
            case INSTRUCTION_RISK -> List.of("harmless instruction", "risky instruction");
            case REFUSAL -> List.of("no refusal", "refusal");
            case ACTION ->
                Arrays.stream(ResponseAction.values())
                        .map(ResponseAction::shortName)
                        .toList();
            case HARM_TYPE ->
                Arrays.stream(HarmType.values()).map(HarmType::shortName).toList();
        };
    }

    /** Returns the number of outputs of such a head in {@code heads}: 2, 6 for actions, and 12 for harm types. */
    public int outputs() {
        return labels().size();
    }

    /** Returns whether it is one event against its absence, rather than one of several classes. */
    boolean isEvent() {
        return this == HARMFUL || this == INSTRUCTION_RISK || this == REFUSAL;
    }

    /** Returns whether it is a property of the instruction, so that it needs no response. */
    boolean isOfInstruction() {
        return this == INSTRUCTION_RISK || this == HARM_TYPE;
    }

    /** Returns the name in words, as in descriptions. */
    String words() {
        return configName().replace('_', ' ');
    }

    /** Returns the kind with a name in config.json. */
    static Optional<HeadKind> named(String configName) {
        return Arrays.stream(values())
                .filter(kind -> kind.configName().equals(configName))
                .findFirst();
    }

    /** Returns the names in config.json, as in messages. */
    static List<String> configNames(List<HeadKind> kinds) {
        return kinds.stream().map(HeadKind::configName).toList();
    }
}
