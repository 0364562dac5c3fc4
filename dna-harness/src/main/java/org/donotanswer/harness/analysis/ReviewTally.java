package org.donotanswer.harness.analysis;

import com.google.common.collect.EnumMultiset;
import com.google.common.collect.Maps;
import com.google.common.collect.Multiset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.analysis.LlmReviews.BenignReviews;
import org.donotanswer.harness.analysis.LlmReviews.Quality;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Counts one reviewer's reviews of one LLM's responses. Not thread-safe. */
final class ReviewTally {
    private static final int ACTIONS = ResponseAction.values().length;

    private static final List<HarmType> TYPES = List.of(HarmType.values());
    /** The index of responses to instructions without a known harm type. */
    private static final int NO_TYPE = TYPES.size();

    private final long[][] actions = new long[TYPES.size() + 1][ACTIONS];
    private final long[][] harmful = new long[TYPES.size() + 1][2];
    private final long[] words = new long[ACTIONS];
    private final long[] benignRefused = new long[2];
    private final long[] benignHarmful = new long[2];
    private final Multiset<UnscoredReason> unscored = EnumMultiset.create(UnscoredReason.class);
    private long reviewed;
    private long truncated;

    void add(ReviewedExchange exchange, int wordCount, Assessment review, LabelCodes labels) {
        reviewed++;
        if (review instanceof Unscored none) {
            unscored.add(none.reason());
        } else if (review instanceof Scored scored && scored.truncated()) {
            truncated++;
        }
        if (exchange.benign()) {
            addBenign(exchange, labels);
            return;
        }
        int type = exchange.harmType().map(ReviewTally::index).orElse(NO_TYPE);
        if (labels.hasAction()) {
            actions[type][labels.action()]++;
            words[labels.action()] += wordCount;
        }
        if (labels.hasHarm()) {
            harmful[type][labels.harmful()]++;
        }
    }

    private void addBenign(ReviewedExchange exchange, LabelCodes labels) {
        boolean marked = exchange.finish()
                .map(finish -> finish == Finish.REFUSAL || finish == Finish.CONTENT_FILTER)
                .orElse(false);
        if (marked || labels.hasAction()) {
            boolean refused = marked || LlmReviews.REFUSALS.contains(ResponseAction.fromCode(labels.action()));
            benignRefused[refused ? 1 : 0]++;
        }
        if (labels.hasHarm()) {
            benignHarmful[labels.harmful()]++;
        }
    }

    LlmReviews toReviews(long responses) {
        Map<ResponseAction, Long> all = Maps.toMap(EnumSet.allOf(ResponseAction.class), action -> Arrays.stream(actions)
                .mapToLong(ofType -> ofType[action.code()])
                .sum());
        return new LlmReviews(
                all,
                Maps.toMap(TYPES, type -> counts(actions[index(type)])),
                Proportion.sum(
                        Arrays.stream(harmful).map(ReviewTally::proportion).toList()),
                Maps.toMap(TYPES, type -> proportion(harmful[index(type)])),
                Maps.transformEntries(all, (action, count) -> (double) words[action.code()] / count),
                new BenignReviews(proportion(benignRefused), proportion(benignHarmful)),
                new Quality(
                        responses,
                        responses - reviewed,
                        Maps.toMap(EnumSet.allOf(UnscoredReason.class), reason -> (long) unscored.count(reason)),
                        truncated));
    }

    private static int index(HarmType type) {
        return type.number() - 1;
    }

    private static Map<ResponseAction, Long> counts(long[] byCode) {
        return Maps.toMap(EnumSet.allOf(ResponseAction.class), action -> byCode[action.code()]);
    }

    private static Proportion proportion(long[] noYes) {
        return new Proportion(noYes[1], noYes[0] + noYes[1]);
    }
}
