package org.donotanswer.guard;

import java.util.function.Supplier;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates one text: by itself; in segments if the evaluator read only a part; and with the earlier turns that it
 * takes up. The most severe decision counts, and nothing more is evaluated once it cannot become more severe. Not
 * thread-safe.
 */
final class TextEvaluation {
    /** How much of an instruction is read with a window of a stream. */
    static final int MAX_INSTRUCTION_WITH_WINDOW = 2_000;

    /** The probability of harm from which a window is blocked whatever precedes it. */
    static final double MAX_DOUBTFUL_PROBABILITY = 0.9;

    private final EvaluatorCall call;
    private final SafetyPolicy policy;
    private final FailMode failMode;
    private final Supplier<@Nullable Reason> stop;
    private final boolean cacheOnly;

    /**
     * Creates an evaluation.
     *
     * @param stop asked between calls of the evaluator; a reason ends the evaluation
     * @param cacheOnly whether to use the cache only, and return null if it does not know enough
     */
    TextEvaluation(
            EvaluatorCall call,
            SafetyPolicy policy,
            FailMode failMode,
            Supplier<@Nullable Reason> stop,
            boolean cacheOnly) {
        this.call = call;
        this.policy = policy;
        this.failMode = failMode;
        this.stop = stop;
        this.cacheOnly = cacheOnly;
    }

    /** Returns the result for a text. */
    @Nullable
    CheckResult evaluate(CheckRequest request, ContextLimits limits) {
        if (request.interim()) {
            return evaluateInterim(request, limits);
        }
        boolean window = request.window() != null;
        // Otherwise each window would read all of it again; the check of the whole response does.
        String instruction =
                window ? Texts.abridged(request.instruction(), MAX_INSTRUCTION_WITH_WINDOW) : request.instruction();
        CheckResult alone = evaluate(request, instruction, request.text());
        if (alone == null || alone.isFinal() || request.earlier().isEmpty()) {
            return alone;
        }
        boolean isResponse = request.subject() == Verdict.Subject.RESPONSE;
        RelevantTurns context = isResponse
                ? RelevantTurns.of(request.earlier(), instruction, request.text(), limits)
                : RelevantTurns.ofInstruction(request.earlier(), instruction, limits);
        if (context.turns() == 0) {
            return alone;
        }
        String longer = context.before(instruction);
        CheckResult together = evaluate(request, longer, isResponse ? request.text() : longer);
        return together == null ? null : alone.and(together).withContextTurns(context.turns());
    }

    /**
     * Evaluates what an LLM says beside its calls of tools by its own words. Beside a risky instruction, "Let me look that
     * up" would seem to be the beginning of compliance. Text that is in doubt, or long enough for a response, is evaluated as
     * one as well.
     */
    private @Nullable CheckResult evaluateInterim(CheckRequest request, ContextLimits limits) {
        if (Announcement.isNothingElse(request.text())) {
            return CheckResult.of(Decision.of(Outcome.ALLOW, Reason.NOTHING_TO_JUDGE));
        }
        CheckResult alone = evaluate(request, "", request.text());
        if (alone == null || alone.isFinal()) {
            return alone;
        }
        if (request.text().length() <= SafetyGuard.MAX_INTERIM
                && alone.decision().reason() != Reason.REVIEW_BAND) {
            return alone;
        }
        CheckResult response = evaluate(request.withInterim(false), limits);
        return response == null ? null : alone.and(response);
    }

    private @Nullable CheckResult evaluate(CheckRequest request, String instruction, String text) {
        boolean part = request.window() != null || request.interim();
        CheckResult whole = evaluateOnce(request, instruction, text, part);
        if (whole != null && !request.head().isEmpty() && isDoubtful(whole.decision())) {
            CheckResult after = evaluateOnce(request, instruction, request.head() + text, true);
            // Only a lower probability clears the doubt, not a refusal in the head that would pass by itself.
            if (after == null || after.decision().reason() == Reason.BELOW_THRESHOLD) {
                whole = after;
            }
        }
        return whole == null || !whole.truncated() || whole.isFinal()
                ? whole
                : evaluateSegments(request, instruction, text, whole);
    }

    /**
     * Returns whether the text before a window may clear it. A window that is surely harmful by itself must not be
     * cleared.
     */
    private static boolean isDoubtful(Decision decision) {
        return switch (decision.reason()) {
            case HARMFUL, REVIEW_BAND -> decision.probability().orElse(1) < MAX_DOUBTFUL_PROBABILITY;
            default -> false;
        };
    }

    /**
     * Evaluates all of a text in segments, because evaluators do not say which part they left unread: first the text,
     * beside the beginning and end of the instruction, then the instruction, beside those of the text. Segments that
     * are still too long are made smaller. If that does not help, part of the text would stay unread, and the text
     * could not be checked.
     */
    private @Nullable CheckResult evaluateSegments(
            CheckRequest request, String instruction, String text, CheckResult whole) {
        boolean alone = request.subject() == Verdict.Subject.INSTRUCTION;
        CheckResult read = whole.withTruncated(false);
        TextSegments segments = TextSegments.ofText(text, alone ? "" : instruction);
        CheckResult all = evaluateSegments(request, segments, read);
        if (all == null || all.isFinal() || all.truncated() || alone || request.window() != null) {
            return all;
        }
        // The instruction was read beside the text if all of it fitted there.
        return instruction.length() <= segments.beside()
                ? all
                : evaluateSegments(request, TextSegments.ofInstruction(instruction, text, segments.size()), all);
    }

    private @Nullable CheckResult evaluateSegments(CheckRequest request, TextSegments segments, CheckResult before) {
        CheckResult all = before;
        while (segments.hasNext()) {
            CheckResult more = evaluateOnce(request, segments.instruction(), segments.text(), true);
            if (more == null) {
                return null;
            }
            if (more.isFinal()) {
                return all.and(more).withTruncated(true);
            }
            if (!more.truncated()) {
                all = all.and(more);
                segments.next();
            } else if (!segments.shrink()) {
                Decision unread = failMode.applyTo(Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED));
                return all.and(more.withDecision(unread)).withTruncated(true);
            }
        }
        return all;
    }

    private @Nullable CheckResult evaluateOnce(CheckRequest request, String instruction, String text, boolean window) {
        Reason stopped = stop.get();
        if (stopped != null) {
            return CheckResult.failed(stopped, failMode);
        }
        if (Texts.isBlank(text)) {
            return CheckResult.of(Decision.of(Outcome.ALLOW, Reason.NOTHING_TO_JUDGE));
        }
        EvaluatorCall.Result result = call.assess(request.subject(), instruction, text, cacheOnly);
        if (result == null) {
            return null;
        }
        Assessment assessment = result.assessment();
        if (assessment == null) {
            return CheckResult.failed(result.failure(), failMode);
        }
        Decision decision;
        if (request.subject() == Verdict.Subject.INSTRUCTION) {
            decision = policy.decideInstruction(assessment);
        } else {
            decision = window ? policy.decideWindow(assessment) : policy.decide(assessment);
        }
        if (decision.reason() == Reason.NOTHING_TO_JUDGE) {
            // An evaluator that sees nothing in a text that is not blank has not assessed it.
            decision = Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED);
        }
        return assessment instanceof Unscored unscored && decision.outcome() != Outcome.BLOCK
                ? unscored(request, instruction, text, decision, unscored, result.cached())
                : CheckResult.of(failMode.applyTo(decision), assessment, result.cached());
    }

    /**
     * Returns the result for a text that the policy would show although it was not scored. The instruction, if there is one,
     * may still speak against that. A long text may have parts that can be scored.
     */
    private @Nullable CheckResult unscored(
            CheckRequest request, String instruction, String text, Decision alone, Unscored response, boolean cached) {
        boolean partly = text.length() > TextSegments.MAX_SIZE;
        if (request.subject() == Verdict.Subject.INSTRUCTION || Texts.isBlank(instruction)) {
            return CheckResult.of(alone, response, cached).withTruncated(partly);
        }
        EvaluatorCall.Result asked = call.assess(Verdict.Subject.INSTRUCTION, instruction, instruction, cacheOnly);
        if (asked == null) {
            return null;
        }
        Assessment assessment = asked.assessment();
        return assessment == null
                ? CheckResult.failed(asked.failure(), failMode)
                : CheckResult.of(
                                failMode.applyTo(policy.decideUnscored(response, assessment)),
                                response,
                                cached && asked.cached())
                        .withTruncated(partly);
    }
}
