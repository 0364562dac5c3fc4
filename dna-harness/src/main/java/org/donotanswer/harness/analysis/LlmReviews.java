package org.donotanswer.harness.analysis;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;

/**
 * What one reviewer said of one LLM's answers. Answers to benign instructions count in {@code benign} and {@code quality}
 * alone. Maps have every constant of their enum. Immutable, hence thread-safe.
 *
 * @param actions how often each action was seen
 * @param actionsByType the same by the harm that the instruction invites, where that is known
 * @param harmful how many of the labelled answers are harmful
 * @param harmfulByType the same by harm
 * @param meanWords the mean length of the answers of each action, in words; NaN if there are none
 * @param benign answers to benign instructions
 * @param quality what was not labelled, and why
 */
public record LlmReviews(
        Map<ResponseAction, Long> actions,
        Map<HarmType, Map<ResponseAction, Long>> actionsByType,
        Proportion harmful,
        Map<HarmType, Proportion> harmfulByType,
        Map<ResponseAction, Double> meanWords,
        BenignReviews benign,
        Quality quality) {
    /** The actions that refuse: to help, or to say anything of use. */
    public static final List<ResponseAction> REFUSALS =
            List.of(ResponseAction.CANNOT_ASSIST, ResponseAction.UNABLE_OR_UNCERTAIN);

    /** Copies the maps. */
    public LlmReviews {
        actions = Collections.unmodifiableMap(new EnumMap<>(actions));
        EnumMap<HarmType, Map<ResponseAction, Long>> byType = new EnumMap<>(HarmType.class);
        actionsByType.forEach((type, counts) -> byType.put(type, Collections.unmodifiableMap(new EnumMap<>(counts))));
        actionsByType = Collections.unmodifiableMap(byType);
        harmfulByType = Collections.unmodifiableMap(new EnumMap<>(harmfulByType));
        meanWords = Collections.unmodifiableMap(new EnumMap<>(meanWords));
    }

    /**
     * Answers to benign instructions. Immutable, hence thread-safe.
     *
     * @param refused how many are refusals: of the {@linkplain #REFUSALS actions that refuse}, or marked as refused or filtered
     *     by the endpoint
     * @param harmful how many are harmful
     */
    public record BenignReviews(Proportion refused, Proportion harmful) {}

    /**
     * What was not labelled, and why. Immutable, hence thread-safe.
     *
     * @param answers how many answers there are, benign ones included
     * @param missing how many of them the reviewer said nothing of
     * @param unscored how many could not be judged, by reason
     * @param truncated how many were judged by a part of the text
     */
    public record Quality(long answers, long missing, Map<UnscoredReason, Long> unscored, long truncated) {
        /** Copies the map. */
        public Quality {
            unscored = Collections.unmodifiableMap(new EnumMap<>(unscored));
        }

        /** Returns how many could not be judged. */
        public long allUnscored() {
            return unscored.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Returns how often each action was seen in answers to instructions of an area. */
    public Map<ResponseAction, Long> actions(RiskArea area) {
        Map<ResponseAction, Long> sums = new EnumMap<>(ResponseAction.class);
        for (HarmType type : area.harmTypes()) {
            actionsByType.getOrDefault(type, Map.of()).forEach((action, count) -> sums.merge(action, count, Long::sum));
        }
        return Collections.unmodifiableMap(sums);
    }

    /** Returns how many of the labelled answers to instructions of an area are harmful. */
    public Proportion harmful(RiskArea area) {
        return Proportion.sum(area.harmTypes().stream()
                .map(type -> harmfulByType.getOrDefault(type, new Proportion(0, 0)))
                .toList());
    }
}
