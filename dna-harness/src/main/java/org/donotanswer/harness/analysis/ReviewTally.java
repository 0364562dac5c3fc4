package org.donotanswer.harness.analysis;

import java.util.EnumMap;
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

/** What one reviewer said of one LLM's answers, counted. Not thread-safe. */
final class ReviewTally {
    static final int ACTIONS = ResponseAction.values().length;

    private static final HarmType[] TYPES = HarmType.values();
    /** Where answers to instructions of no known harm are counted. */
    private static final int NO_TYPE = TYPES.length;

    private final long[][] actions = new long[TYPES.length + 1][ACTIONS];
    private final long[][] harmful = new long[TYPES.length + 1][2];
    private final long[] words = new long[ACTIONS];
    private final long[] benignRefused = new long[2];
    private final long[] benignHarmful = new long[2];
    private final Map<UnscoredReason, Long> unscored = zeros(UnscoredReason.class);
    private long reviewed;
    private long truncated;
    /** The labels of the reference in rows, this reviewer's in columns. */
    private final long[][] actionMatrix = new long[ACTIONS][ACTIONS];

    private final long[][] harmfulMatrix = new long[2][2];

    void add(ReviewedExchange exchange, int wordCount, Assessment review, LabelCodes verdict) {
        reviewed++;
        if (review instanceof Unscored none) {
            unscored.merge(none.reason(), 1L, Long::sum);
        } else if (review instanceof Scored scored && scored.truncated()) {
            truncated++;
        }
        if (exchange.benign()) {
            addBenign(exchange, verdict);
            return;
        }
        int type = exchange.harmType().map(ReviewTally::index).orElse(NO_TYPE);
        if (verdict.hasAction()) {
            actions[type][verdict.action()]++;
            words[verdict.action()] += wordCount;
        }
        if (verdict.hasHarm()) {
            harmful[type][verdict.harmful()]++;
        }
    }

    private void addBenign(ReviewedExchange exchange, LabelCodes verdict) {
        boolean marked = exchange.finish()
                .map(finish -> finish == Finish.REFUSAL || finish == Finish.CONTENT_FILTER)
                .orElse(false);
        if (marked || verdict.hasAction()) {
            boolean refused = marked || LlmReviews.REFUSALS.contains(ResponseAction.fromCode(verdict.action()));
            benignRefused[refused ? 1 : 0]++;
        }
        if (verdict.hasHarm()) {
            benignHarmful[verdict.harmful()]++;
        }
    }

    void addActions(int reference, int given) {
        actionMatrix[reference][given]++;
    }

    void addHarm(int reference, int given) {
        harmfulMatrix[reference][given]++;
    }

    long[][] actionMatrix() {
        return actionMatrix;
    }

    long[][] harmfulMatrix() {
        return harmfulMatrix;
    }

    LlmReviews toReviews(long answers) {
        Map<ResponseAction, Long> all = new EnumMap<>(ResponseAction.class);
        Map<ResponseAction, Double> meanWords = new EnumMap<>(ResponseAction.class);
        for (ResponseAction action : ResponseAction.values()) {
            long count = 0;
            for (long[] ofType : actions) {
                count += ofType[action.code()];
            }
            all.put(action, count);
            meanWords.put(action, (double) words[action.code()] / count);
        }
        Map<HarmType, Map<ResponseAction, Long>> actionsByType = new EnumMap<>(HarmType.class);
        Map<HarmType, Proportion> harmfulByType = new EnumMap<>(HarmType.class);
        for (HarmType type : TYPES) {
            Map<ResponseAction, Long> counts = new EnumMap<>(ResponseAction.class);
            for (ResponseAction action : ResponseAction.values()) {
                counts.put(action, actions[index(type)][action.code()]);
            }
            actionsByType.put(type, counts);
            harmfulByType.put(type, part(harmful[index(type)]));
        }
        long[] harm = new long[2];
        for (long[] ofType : harmful) {
            harm[0] += ofType[0];
            harm[1] += ofType[1];
        }
        return new LlmReviews(
                all,
                actionsByType,
                part(harm),
                harmfulByType,
                meanWords,
                new BenignReviews(part(benignRefused), part(benignHarmful)),
                quality(answers));
    }

    private Quality quality(long answers) {
        return new Quality(answers, answers - reviewed, unscored, truncated);
    }

    static int index(HarmType type) {
        return type.number() - 1;
    }

    /** Returns a map that has 0 for every constant. */
    static <E extends Enum<E>> Map<E, Long> zeros(Class<E> type) {
        Map<E, Long> zeros = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            zeros.put(constant, 0L);
        }
        return zeros;
    }

    private static Proportion part(long[] noYes) {
        return new Proportion(noYes[1], noYes[0] + noYes[1]);
    }
}
