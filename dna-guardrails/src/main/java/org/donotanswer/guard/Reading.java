package org.donotanswer.guard;

import java.util.function.Supplier;
import org.donotanswer.evaluate.Assessment;
import org.jspecify.annotations.Nullable;

/**
 * Has one text read: by itself, the rest of it if the evaluator read only a part, and with earlier turns that it takes up. The
 * most severe decision counts, and after one that cannot be outdone no more is read. Not thread-safe.
 */
final class Reading {
    /** The longest part of a long text that is read at once, below what the embedded model reads. */
    static final int WINDOW = 8_000;
    /** The shortest, for evaluators that read less. */
    static final int MIN_WINDOW = 500;
    /** How much two neighbouring parts share, as a share of their length: what is cut in one is whole in the other. */
    static final int OVERLAP_SHARE = 8;

    /** The probability of harm from which a window is blocked whatever stands before it. */
    static final double CEILING = 0.9;

    private final Asker asker;
    private final SafetyPolicy policy;
    private final FailMode failMode;
    private final Supplier<@Nullable Reason> stop;
    private final boolean cacheOnly;

    /**
     * Makes a reading.
     *
     * @param stop asked between evaluations; a reason ends the reading
     * @param cacheOnly whether nothing is evaluated, and the reading comes to null if the cache does not know enough
     */
    Reading(Asker asker, SafetyPolicy policy, FailMode failMode, Supplier<@Nullable Reason> stop, boolean cacheOnly) {
        this.asker = asker;
        this.policy = policy;
        this.failMode = failMode;
        this.stop = stop;
        this.cacheOnly = cacheOnly;
    }

    /** Reads what a question is about. */
    @Nullable
    Judgement read(Question question, ContextLimits limits) {
        Judgement alone = read(question, question.instruction());
        if (alone == null
                || alone.isFinal()
                || question.earlier().isEmpty()
                || question.subject() == Verdict.Subject.INSTRUCTION) {
            return alone;
        }
        Context context = Context.of(question.earlier(), question.instruction(), question.text(), limits);
        if (context.turns() == 0) {
            return alone;
        }
        Judgement together = read(question, context.before(question.instruction()));
        return together == null ? null : alone.and(together).withContextTurns(context.turns());
    }

    private @Nullable Judgement read(Question question, String instruction) {
        Judgement whole = part(question, instruction, question.text(), question.window() != null);
        if (whole != null && !question.head().isEmpty() && isDoubtful(whole.decision())) {
            Judgement after = part(question, instruction, question.head() + question.text(), true);
            // Only a better probability clears the doubt, not a refusal in the head that would pass by itself.
            if (after == null || after.decision().reason() == Reason.BELOW_THRESHOLD) {
                return after;
            }
        }
        return whole == null || !whole.truncated() || whole.isFinal() ? whole : rest(question, instruction, whole);
    }

    /** Whether what stands before a window may clear it. What is surely harmful by itself it may not. */
    private static boolean isDoubtful(Decision decision) {
        return switch (decision.reason()) {
            case HARMFUL, REVIEW_BAND -> decision.probability().orElse(1) < CEILING;
            default -> false;
        };
    }

    /**
     * Reads all of a text in parts, as evaluators do not say which they left out; first of the text, beside the instruction's
     * beginning and end, then of the instruction, beside the text's. Parts that turn out too long, too, are cut smaller.
     */
    private @Nullable Judgement rest(Question question, String instruction, Judgement whole) {
        boolean alone = question.subject() == Verdict.Subject.INSTRUCTION;
        String text = question.text();
        Judgement all = whole.withTruncated(false);
        int size = WINDOW;
        for (int pass = 0; pass < (alone ? 1 : 2); pass++) {
            String read = pass == 0 ? text : instruction;
            int start = 0;
            while (start < read.length() && (pass == 0 || read.length() > size)) {
                int end = charBoundary(read, Math.min(read.length(), start + size));
                String part = read.substring(start, end);
                Judgement more = pass == 0
                        ? part(question, Texts.abridged(instruction, size), part, true)
                        : part(question, part, Texts.abridged(text, size), true);
                if (more == null) {
                    return null;
                }
                if (more.truncated() && size > MIN_WINDOW) {
                    size /= 2;
                    continue;
                }
                all = all.and(more);
                if (all.isFinal()) {
                    return all.withTruncated(true);
                }
                start = end == read.length() ? end : charBoundary(read, end - size / OVERLAP_SHARE);
            }
        }
        return all;
    }

    /** Returns the index, or the one after it if a surrogate pair would be cut. */
    private static int charBoundary(String text, int index) {
        return index > 0
                        && index < text.length()
                        && Character.isLowSurrogate(text.charAt(index))
                        && Character.isHighSurrogate(text.charAt(index - 1))
                ? index + 1
                : index;
    }

    private @Nullable Judgement part(Question question, String instruction, String text, boolean window) {
        Reason stopped = stop.get();
        if (stopped != null) {
            return Judgement.failed(stopped, failMode);
        }
        if (Texts.isBlank(text)) {
            return Judgement.of(Decision.of(Outcome.ALLOW, Reason.NOTHING_TO_JUDGE));
        }
        Asker.Answer answer = asker.ask(question.subject(), instruction, text, cacheOnly);
        if (answer == null) {
            return null;
        }
        Assessment assessment = answer.assessment();
        if (assessment == null) {
            return Judgement.failed(answer.failure(), failMode);
        }
        Decision decision;
        if (question.subject() == Verdict.Subject.INSTRUCTION) {
            decision = policy.decideInstruction(assessment);
        } else {
            decision = window ? policy.decideWindow(assessment) : policy.decide(assessment);
        }
        if (decision.reason() == Reason.NOTHING_TO_JUDGE) {
            // An evaluator that sees nothing where there is something has not judged it.
            decision = Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED);
        }
        return Judgement.of(failMode.applyTo(decision), assessment, answer.cached());
    }
}
