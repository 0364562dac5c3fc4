package org.donotanswer.guard;

import java.util.function.Supplier;
import org.donotanswer.evaluate.Assessment;
import org.jspecify.annotations.Nullable;

/**
 * Has one text read: by itself, the rest of it if the evaluator read only a part, and with earlier turns that it takes up. The
 * most severe decision counts, and after one that cannot be outdone no more is read. Not thread-safe.
 */
final class Reading {
    /** How much of an instruction is read with a window of a stream. */
    static final int INSTRUCTION_OF_WINDOW = 2_000;

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
        boolean window = question.window() != null;
        // Each window would read all of it again; the check of the whole answer does.
        String instruction =
                window ? Texts.abridged(question.instruction(), INSTRUCTION_OF_WINDOW) : question.instruction();
        Judgement alone = read(question, instruction, question.text());
        if (alone == null || alone.isFinal() || question.earlier().isEmpty()) {
            return alone;
        }
        boolean answered = question.subject() == Verdict.Subject.RESPONSE;
        Context context = answered
                ? Context.of(question.earlier(), instruction, question.text(), limits)
                : Context.ofInstruction(question.earlier(), instruction, limits);
        if (context.turns() == 0) {
            return alone;
        }
        String longer = context.before(instruction);
        Judgement together = read(question, longer, answered ? question.text() : longer);
        return together == null ? null : alone.and(together).withContextTurns(context.turns());
    }

    private @Nullable Judgement read(Question question, String instruction, String text) {
        Judgement whole = part(question, instruction, text, question.window() != null);
        if (whole != null && !question.head().isEmpty() && isDoubtful(whole.decision())) {
            Judgement after = part(question, instruction, question.head() + text, true);
            // Only a better probability clears the doubt, not a refusal in the head that would pass by itself.
            if (after == null || after.decision().reason() == Reason.BELOW_THRESHOLD) {
                whole = after;
            }
        }
        return whole == null || !whole.truncated() || whole.isFinal()
                ? whole
                : rest(question, instruction, text, whole);
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
     * beginning and end, then of the instruction, beside the text's. Parts that turn out too long, too, are cut smaller. Where
     * that is of no avail, part of the text would be read by no evaluation: it could not be judged.
     */
    private @Nullable Judgement rest(Question question, String instruction, String text, Judgement whole) {
        boolean alone = question.subject() == Verdict.Subject.INSTRUCTION;
        Judgement read = whole.withTruncated(false);
        Parts parts = Parts.ofText(text, alone ? "" : instruction);
        Judgement all = rest(question, parts, read);
        if (all == null || all.isFinal() || all.truncated() || alone || question.window() != null) {
            return all;
        }
        // What was read beside the text was the instruction, if all of it had room there.
        return instruction.length() <= parts.beside()
                ? all
                : rest(question, Parts.ofInstruction(instruction, text, parts.size()), all);
    }

    private @Nullable Judgement rest(Question question, Parts parts, Judgement before) {
        Judgement all = before;
        while (parts.hasNext()) {
            Judgement more = part(question, parts.instruction(), parts.text(), true);
            if (more == null) {
                return null;
            }
            if (more.isFinal()) {
                return all.and(more).withTruncated(true);
            }
            if (!more.truncated()) {
                all = all.and(more);
                parts.next();
            } else if (!parts.shrink()) {
                Decision unread = failMode.applyTo(Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED));
                return all.and(more.withDecision(unread)).withTruncated(true);
            }
        }
        return all;
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
