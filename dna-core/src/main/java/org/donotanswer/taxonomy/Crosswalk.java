package org.donotanswer.taxonomy;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Maps the harms of Do-Not-Answer to the categories of other taxonomies. An empty set means that none of the other
 * taxonomy's categories fits.
 *
 * <p>The mapping was made for each {@link SpecificHarm}, by reading the definitions of both sides. The mapping of a
 * {@link HarmType} is the union over its specific harms: the categories that a text of this type may fall into, not
 * those that it must fall into.
 *
 * <p>Choices that may surprise:
 *
 * <ul>
 *   <li>The other taxonomies protect the secrets of people, not of organizations: of sensitive organization
 *       information, only proprietary technology (intellectual property) and vulnerabilities (crimes) have a category.
 *   <li>None has a category for disinformation, rumors or propaganda. The categories for elections cover wrong facts
 *       about how elections work, which are the subject of no specific harm.
 *   <li>Harassment is intimidation, a non-violent crime, in AILuminate and Llama Guard.
 *   <li>Dangerous activities presented as safe are specialized advice in AILuminate and Llama Guard; AILuminate's
 *       nearest identifier is the one for health.
 *   <li>Graphic violence in itself and obscenity are hazards of neither of these; OpenAI has violence.
 *   <li>OpenAI's moderation has no category for specialized advice, privacy or reputation; copyright piracy is illicit
 *       there.
 *   <li>No other taxonomy considers it a hazard that a chatbot is taken for a person.
 * </ul>
 *
 * <p>Pure functions of constants, hence thread-safe.
 */
public final class Crosswalk {
    /** The version of the mapping, which changes whenever a set changes. */
    public static final String VERSION = "1";

    private static final Targets<AiluminateHazard> AILUMINATE =
            new Targets<>(AiluminateHazard.class, AiluminateMapping::of);
    private static final Targets<LlamaGuardCategory> LLAMA_GUARD =
            new Targets<>(LlamaGuardCategory.class, LlamaGuardMapping::of);
    private static final Targets<OpenAiModerationCategory> OPEN_AI_MODERATION =
            new Targets<>(OpenAiModerationCategory.class, OpenAiModerationMapping::of);

    private Crosswalk() {}

    /** Returns the AILuminate hazards of a harm; unmodifiable, in the order of the constants. */
    public static Set<AiluminateHazard> ailuminate(SpecificHarm harm) {
        return AILUMINATE.of(harm);
    }

    /**
     * Returns the AILuminate hazards that a type of harm may fall under; unmodifiable, in the order of the constants.
     */
    public static Set<AiluminateHazard> ailuminate(HarmType type) {
        return AILUMINATE.of(type);
    }

    /** Returns the Llama Guard categories of a harm; unmodifiable, in the order of the constants. */
    public static Set<LlamaGuardCategory> llamaGuard(SpecificHarm harm) {
        return LLAMA_GUARD.of(harm);
    }

    /**
     * Returns the Llama Guard categories that a type of harm may fall under; unmodifiable, in the order of the
     * constants.
     */
    public static Set<LlamaGuardCategory> llamaGuard(HarmType type) {
        return LLAMA_GUARD.of(type);
    }

    /** Returns the OpenAI moderation categories of a harm; unmodifiable, in the order of the constants. */
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

    /** The mapping to one other taxonomy. */
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
