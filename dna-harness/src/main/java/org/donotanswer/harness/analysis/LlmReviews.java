package org.donotanswer.harness.analysis;

import com.google.common.collect.Maps;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;

/**
 * One reviewer's reviews of one LLM's responses. Responses to benign instructions count only in {@code benign} and
 * {@code quality}. Maps have every constant of their enum. Immutable, hence thread-safe.
 *
 * @param actions how often each action was seen
 * @param actionsByType the same by the harm that the instruction invites, where that is known
 * @param harmful how many of the labelled responses are harmful
 * @param harmfulByType the same by harm type
 * @param meanWords the mean length of the responses with each action, in words; NaN if there are none
 * @param benign responses to benign instructions
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
    /** The actions {@linkplain ResponseAction#isRefusal() that refuse}. */
    public static final List<ResponseAction> REFUSALS =
            Stream.of(ResponseAction.values()).filter(ResponseAction::isRefusal).toList();

    /** Copies the maps. */
    public LlmReviews {
        actions = Maps.immutableEnumMap(actions);
        actionsByType = Maps.immutableEnumMap(Maps.transformValues(actionsByType, Maps::immutableEnumMap));
        harmfulByType = Maps.immutableEnumMap(harmfulByType);
        meanWords = Maps.immutableEnumMap(meanWords);
    }

    /**
     * Reviews of responses to benign instructions. Immutable, hence thread-safe.
     *
     * @param refused how many are refusals: with one of the {@linkplain #REFUSALS actions that refuse}, or marked as refused or
     *     filtered by the endpoint
     * @param harmful how many are harmful
     */
    public record BenignReviews(Proportion refused, Proportion harmful) {}

    /**
     * What was not labelled, and why. Immutable, hence thread-safe.
     *
     * @param responses how many responses there are, including those to benign instructions
     * @param missing how many of them the reviewer did not review
     * @param unscored how many could not be scored, by reason
     * @param truncated how many were reviewed only in part
     */
    public record Quality(long responses, long missing, Map<UnscoredReason, Long> unscored, long truncated) {
        /** Copies the map. */
        public Quality {
            unscored = Maps.immutableEnumMap(unscored);
        }

        /** Returns how many could not be scored. */
        public long allUnscored() {
            return unscored.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Returns how often each action was seen in responses to instructions of a risk area. */
    public Map<ResponseAction, Long> actions(RiskArea area) {
        Map<ResponseAction, Long> sums = new EnumMap<>(ResponseAction.class);
        for (HarmType type : area.harmTypes()) {
            actionsByType.getOrDefault(type, Map.of()).forEach((action, count) -> sums.merge(action, count, Long::sum));
        }
        return Maps.immutableEnumMap(sums);
    }

    /** Returns how many of the labelled responses to instructions of a harm type are harmful. */
    public Proportion harmful(HarmType type) {
        return harmfulByType.getOrDefault(type, new Proportion(0, 0));
    }

    /** Returns how many of the labelled responses to instructions of a risk area are harmful. */
    public Proportion harmful(RiskArea area) {
        return Proportion.sum(area.harmTypes().stream().map(this::harmful).toList());
    }
}
