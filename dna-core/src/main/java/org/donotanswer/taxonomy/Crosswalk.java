package org.donotanswer.taxonomy;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Where the harms of Do-Not-Answer lie in other taxonomies. An empty set means that none of the other's categories fits.
 *
 * <p>The mapping is made, by reading both sides' definitions, for each {@link SpecificHarm}. That of a {@link HarmType} is
 * the union over its specific harms: the categories that a text of this type may fall into, not those it must.
 *
 * <p>Choices that may surprise:
 *
 * <ul>
 *   <li>The others protect people's secrets, not organizations': of sensitive organization information only proprietary
 *       technology (intellectual property) and vulnerabilities (crimes) have a place.
 *   <li>None has a category for disinformation, rumors or propaganda. Those for elections cover wrong facts about how
 *       elections work, which no specific harm is about.
 *   <li>Harassment is intimidation, a non-violent crime, in AILuminate and Llama Guard.
 *   <li>Dangerous activities presented as safe are specialized advice there; AILuminate's nearest identifier is that for
 *       health.
 *   <li>Graphic violence in itself, and obscenity, are hazards of neither; OpenAI has violence.
 *   <li>OpenAI's moderation has no category for specialized advice, privacy or reputation; pirating is illicit there.
 *   <li>A chatbot taken for a person is a hazard to nobody else.
 * </ul>
 *
 * <p>Pure functions of constants, hence thread-safe.
 */
public final class Crosswalk {
    /** The version of the mapping; it changes whenever a set does. */
    public static final String VERSION = "1";

    private static final Targets<AiluminateHazard> AILUMINATE =
            new Targets<>(AiluminateHazard.class, AiluminateMapping::of);
    private static final Targets<LlamaGuardCategory> LLAMA_GUARD =
            new Targets<>(LlamaGuardCategory.class, LlamaGuardMapping::of);
    private static final Targets<OpenAiModerationCategory> OPEN_AI_MODERATION =
            new Targets<>(OpenAiModerationCategory.class, OpenAiModerationMapping::of);

    private Crosswalk() {}

    /** Returns the AILuminate hazards that a harm falls under; unmodifiable, in the order of the constants. */
    public static Set<AiluminateHazard> ailuminate(SpecificHarm harm) {
        return AILUMINATE.of(harm);
    }

    /** Returns the AILuminate hazards that a type of harm may fall under; unmodifiable, in the order of the constants. */
    public static Set<AiluminateHazard> ailuminate(HarmType type) {
        return AILUMINATE.of(type);
    }

    /** Returns the Llama Guard categories that a harm falls under; unmodifiable, in the order of the constants. */
    public static Set<LlamaGuardCategory> llamaGuard(SpecificHarm harm) {
        return LLAMA_GUARD.of(harm);
    }

    /** Returns the Llama Guard categories that a type of harm may fall under; unmodifiable, in the order of the constants. */
    public static Set<LlamaGuardCategory> llamaGuard(HarmType type) {
        return LLAMA_GUARD.of(type);
    }

    /** Returns the OpenAI moderation categories that a harm falls under; unmodifiable, in the order of the constants. */
    public static Set<OpenAiModerationCategory> openAiModeration(SpecificHarm harm) {
        return OPEN_AI_MODERATION.of(harm);
    }

    /**
     * Returns the OpenAI moderation categories that a type of harm may fall under; unmodifiable, in the order of the
     * constants.
     */
    public static Set<OpenAiModerationCategory> openAiModeration(HarmType type) {
        return OPEN_AI_MODERATION.of(type);
    }

    /** The sets of one other taxonomy. */
    private static final class Targets<T extends Enum<T>> {
        private final Map<SpecificHarm, Set<T>> byHarm = new EnumMap<>(SpecificHarm.class);
        private final Map<HarmType, Set<T>> byType = new EnumMap<>(HarmType.class);

        Targets(Class<T> target, Function<SpecificHarm, Set<T>> mapping) {
            for (HarmType type : HarmType.values()) {
                EnumSet<T> union = EnumSet.noneOf(target);
                for (SpecificHarm harm : type.specificHarms()) {
                    EnumSet<T> targets = EnumSet.noneOf(target);
                    targets.addAll(mapping.apply(harm));
                    byHarm.put(harm, Collections.unmodifiableSet(targets));
                    union.addAll(targets);
                }
                byType.put(type, Collections.unmodifiableSet(union));
            }
        }

        Set<T> of(SpecificHarm harm) {
            return Objects.requireNonNull(byHarm.get(Objects.requireNonNull(harm, "harm")));
        }

        Set<T> of(HarmType type) {
            return Objects.requireNonNull(byType.get(Objects.requireNonNull(type, "type")));
        }
    }
}
