package org.donotanswer.guard;

import java.util.function.Supplier;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Has one text read: by itself, the rest of it if the evaluator read only a part, and with earlier turns that it takes up. The
 * most severe decision counts, and after one that cannot be outdone no more is read. Not thread-safe.
 */
final class TextEvaluation {
    /** How much of an instruction is read with a window of a stream. */
    static final int INSTRUCTION_OF_WINDOW = 2_000;

    /** The probability of harm from which a window is blocked whatever stands before it. */
    static final double CEILING = 0.9;

    private final EvaluatorCall asker;
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
    TextEvaluation(
            EvaluatorCall asker,
            SafetyPolicy policy,
            FailMode failMode,
            Supplier<@Nullable Reason> stop,
            boolean cacheOnly) {
        this.asker = asker;
        this.policy = policy;
        this.failMode = failMode;
        this.stop = stop;
        this.cacheOnly = cacheOnly;
    }

    /** Reads what a question is about. */
    @Nullable
    CheckResult read(CheckRequest question, ContextLimits limits) {
        boolean window = question.window() != null;
        // Each window would read all of it again; the check of the whole answer does.
        String instruction =
                window ? Texts.abridged(question.instruction(), INSTRUCTION_OF_WINDOW) : question.instruction();
        CheckResult alone = read(question, instruction, question.text());
        if (alone == null || alone.isFinal() || question.earlier().isEmpty()) {
            return alone;
        }
        boolean answered = question.subject() == Verdict.Subject.RESPONSE;
        RelevantTurns context = answered
                ? RelevantTurns.of(question.earlier(), instruction, question.text(), limits)
                : RelevantTurns.ofInstruction(question.earlier(), instruction, limits);
        if (context.turns() == 0) {
            return alone;
        }
        String longer = context.before(instruction);
        CheckResult together = read(question, longer, answered ? question.text() : longer);
        return together == null ? null : alone.and(together).withContextTurns(context.turns());
    }

    private @Nullable CheckResult read(CheckRequest question, String instruction, String text) {
        CheckResult whole = part(question, instruction, text, question.window() != null);
        if (whole != null && !question.head().isEmpty() && isDoubtful(whole.decision())) {
            CheckResult after = part(question, instruction, question.head() + text, true);
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
    private @Nullable CheckResult rest(CheckRequest question, String instruction, String text, CheckResult whole) {
        boolean alone = question.subject() == Verdict.Subject.INSTRUCTION;
        CheckResult read = whole.withTruncated(false);
        TextSegments parts = TextSegments.ofText(text, alone ? "" : instruction);
        CheckResult all = rest(question, parts, read);
        if (all == null || all.isFinal() || all.truncated() || alone || question.window() != null) {
            return all;
        }
        // What was read beside the text was the instruction, if all of it had room there.
        return instruction.length() <= parts.beside()
                ? all
                : rest(question, TextSegments.ofInstruction(instruction, text, parts.size()), all);
    }

    private @Nullable CheckResult rest(CheckRequest question, TextSegments parts, CheckResult before) {
        CheckResult all = before;
        while (parts.hasNext()) {
            CheckResult more = part(question, parts.instruction(), parts.text(), true);
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

    private @Nullable CheckResult part(CheckRequest question, String instruction, String text, boolean window) {
        Reason stopped = stop.get();
        if (stopped != null) {
            return CheckResult.failed(stopped, failMode);
        }
        if (Texts.isBlank(text)) {
            return CheckResult.of(Decision.of(Outcome.ALLOW, Reason.NOTHING_TO_JUDGE));
        }
        EvaluatorCall.Answer answer = asker.ask(question.subject(), instruction, text, cacheOnly);
        if (answer == null) {
            return null;
        }
        Assessment assessment = answer.assessment();
        if (assessment == null) {
            return CheckResult.failed(answer.failure(), failMode);
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
        return CheckResult.of(failMode.applyTo(decision), assessment, answer.cached());
    }
}
