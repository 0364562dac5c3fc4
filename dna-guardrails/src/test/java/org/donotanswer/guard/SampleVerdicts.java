package org.donotanswer.guard;

import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.ReportedThreshold;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Sample verdicts for tests of listeners. */
public final class SampleVerdicts {
    /** A typical score of an evaluator. */
    public static final Assessment SCORED = Assessment.Scored.builder("sample 1.0")
            .harmful(0.9375)
            .actions(Distribution.certain(ResponseAction.FOLLOW_INSTRUCTION))
            .harmTypes(Distribution.certain(HarmType.ILLEGAL_ACTIVITIES))
            .build();

    private SampleVerdicts() {}

    /** Returns the verdict on a response that was blocked as harmful. */
    public static Verdict blocked() {
        return of(Verdict.Subject.RESPONSE, Outcome.BLOCK, Reason.HARMFUL, Optional.of(SCORED), Optional.empty());
    }

    /** Returns the verdict on a window that was shown. */
    public static Verdict allowedWindow(int start, int end) {
        return of(
                Verdict.Subject.RESPONSE,
                Outcome.ALLOW,
                Reason.BELOW_THRESHOLD,
                Optional.of(SCORED),
                Optional.of(new Verdict.Window(start, end)));
    }

    /** Returns the verdict on a response that was blocked because the evaluator missed the deadline. */
    public static Verdict timedOut() {
        return of(
                Verdict.Subject.RESPONSE,
                Outcome.BLOCK,
                Reason.NOT_JUDGED,
                Optional.of(Assessment.Unscored.of(UnscoredReason.TIMEOUT, "no answer in 5 s")),
                Optional.empty());
    }

    /** Returns the verdict on an instruction that was blocked. */
    public static Verdict riskyInstruction() {
        return of(
                Verdict.Subject.INSTRUCTION,
                Outcome.BLOCK,
                Reason.RISKY_INSTRUCTION,
                Optional.of(SCORED),
                Optional.empty());
    }

    /** Returns a verdict. */
    public static Verdict of(
            Verdict.Subject subject,
            Outcome outcome,
            Reason reason,
            Optional<Assessment> assessment,
            Optional<Verdict.Window> window) {
        boolean scored = assessment.isPresent() && assessment.get().isScored();
        return new Verdict(
                subject,
                new Decision(
                        outcome,
                        reason,
                        scored ? OptionalDouble.of(0.9375) : OptionalDouble.empty(),
                        scored ? Optional.of(new ReportedThreshold(0.5, ReportedThreshold.DEFAULT)) : Optional.empty()),
                outcome != Outcome.BLOCK,
                false,
                assessment,
                "sample 1.0",
                "0123456789abcdef",
                false,
                false,
                0,
                window,
                1_500_000);
    }
}
