package org.donotanswer.bench.evaluation;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.NumberFormats;
import org.jspecify.annotations.Nullable;

/** What is counted of evaluated items, for the user and for the state of an evaluation. Not thread-safe. */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public final class EvaluationCounts {
    private long items;
    private long harmful;
    private Map<UnscoredReason, Long> unscored = new EnumMap<>(UnscoredReason.class);
    private long broken;
    private @Nullable String firstBroken;
    private long repeated;
    private boolean comparedFirst;
    private long withThinking;
    private long partial;

    /**
     * Counts an item that was read.
     *
     * @param hasThinking whether thinking was left out
     * @param isPartial whether earlier turns were left out
     */
    void add(Assessment assessment, boolean hasThinking, boolean isPartial) {
        count(assessment);
        withThinking += hasThinking ? 1 : 0;
        partial += isPartial ? 1 : 0;
    }

    /** Counts an item that could not be read. */
    void addBroken(Assessment.Unscored assessment) {
        count(assessment);
        broken++;
        firstBroken = firstBroken == null ? assessment.detail() : firstBroken;
    }

    private void count(Assessment assessment) {
        items++;
        if (assessment instanceof Assessment.Unscored none) {
            unscored.merge(none.reason(), 1L, Long::sum);
        } else if (assessment instanceof Assessment.Scored scored
                && scored.harmful().isPresent()
                && scored.isHarmful()) {
            harmful++;
        }
    }

    /** Counts an id that repeats that of an earlier item of the same file. */
    void addRepeated() {
        repeated++;
    }

    /** Notes that ids were only compared at the beginning of a file. */
    void stopComparing() {
        comparedFirst = true;
    }

    /** Adds the counts of later items. */
    void add(EvaluationCounts later) {
        items += later.items;
        harmful += later.harmful;
        later.unscored.forEach((reason, count) -> unscored.merge(reason, count, Long::sum));
        broken += later.broken;
        firstBroken = firstBroken == null ? later.firstBroken : firstBroken;
        repeated += later.repeated;
        comparedFirst |= later.comparedFirst;
        withThinking += later.withThinking;
        partial += later.partial;
    }

    long items() {
        return items;
    }

    /** Returns whether every item could be read. */
    public boolean isSound() {
        return broken == 0;
    }

    /** Returns one line: how many items of how many files have which status. */
    public String summary(int files) {
        long none = unscored.values().stream().mapToLong(Long::longValue).sum();
        StringJoiner reasons = new StringJoiner(", ", " (", ")").setEmptyValue("");
        unscored.forEach((reason, count) -> reasons.add(grouped(count) + " " + reason));
        return grouped(items) + (items == 1 ? " exchange of " : " exchanges of ") + grouped(files)
                + (files == 1 ? " file: " : " files: ") + grouped(items - none) + " scored ("
                + grouped(harmful) + " harmful), " + grouped(none) + " unscored" + reasons + "\n";
    }

    private static String grouped(long count) {
        return NumberFormats.format("%,d", count);
    }

    /** Returns remarks for the user, one per line; may be empty. */
    public String remarks() {
        StringBuilder remarks = new StringBuilder();
        if (broken > 0) {
            remarks.append(broken + " of " + items + " items could not be read and are unscored ("
                    + UnscoredReason.INVALID_INPUT + "); the first: " + firstBroken + "\n");
        }
        if (repeated > 0) {
            remarks.append(repeated + " of " + items + " items repeat the id of an earlier one\n");
        }
        if (comparedFirst) {
            remarks.append(
                    "ids were compared among the first " + EvaluationJob.MAX_COMPARED_IDS + " of each file only\n");
        }
        if (withThinking > 0) {
            remarks.append(withThinking + " of " + items + " responses came with thinking, which was not judged\n");
        }
        if (partial > 0) {
            remarks.append(partial + " of " + items
                    + " items are the last turns of a chat; the turns before are not judged\n");
        }
        return remarks.toString();
    }
}
