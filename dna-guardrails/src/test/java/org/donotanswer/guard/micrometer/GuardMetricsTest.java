package org.donotanswer.guard.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.SampleVerdicts;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.audit.AuditLog;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.taxonomy.HarmType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    @Test
    void verdicts_areCountedByOutcomeReasonAndHarm() {
        GuardMetrics metrics = GuardMetrics.of(registry);

        metrics.checked(SampleVerdicts.blocked(), "", "");
        metrics.checked(SampleVerdicts.blocked(), "", "");
        metrics.checked(SampleVerdicts.allowedWindow(0, 9), "", "");
        metrics.checked(SampleVerdicts.riskyInstruction(), "", "");

        assertThat(count(GuardMetrics.VERDICTS, "outcome", "BLOCK", "reason", "HARMFUL", "part", "WHOLE"))
                .isEqualTo(2);
        assertThat(count(GuardMetrics.VERDICTS, "outcome", "ALLOW", "part", "WINDOW", "released", "true"))
                .isEqualTo(1);
        assertThat(count(GuardMetrics.VERDICTS, "subject", "INSTRUCTION", "reason", "RISKY_INSTRUCTION"))
                .isEqualTo(1);
        assertThat(count(
                        GuardMetrics.CATEGORIES,
                        "outcome",
                        "BLOCK",
                        "subject",
                        "RESPONSE",
                        "risk.area",
                        "MALICIOUS_USES",
                        "harm.type",
                        "ILLEGAL_ACTIVITIES"))
                .isEqualTo(2);
        assertThat(registry.find(GuardMetrics.UNSCORED).counters()).isEmpty();
        assertThat(registry.find(GuardMetrics.TRUNCATED).counters()).isEmpty();
    }

    @Test
    void latency_isTimed() {
        GuardMetrics.of(registry).checked(SampleVerdicts.blocked(), "", "");

        Timer timer = registry.get(GuardMetrics.JUDGEMENTS)
                .tags("evaluator", "sample 1.0", "cached", "false", "outcome", "BLOCK")
                .timer();
        assertThat(timer.count()).isEqualTo(1);
        assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(1_500_000);
        assertThat(timer.takeSnapshot().histogramCounts()).isEmpty();
    }

    @Test
    void histogramAndObjectives_whereAskedFor_haveBucketsOfMicroseconds() {
        GuardMetrics.builder(registry)
                .histogram(true)
                .objectives(Duration.ofMillis(1), Duration.ofMillis(2))
                .build()
                .checked(SampleVerdicts.blocked(), "", "");

        assertThat(registry.get(GuardMetrics.JUDGEMENTS).timer().takeSnapshot().histogramCounts())
                .extracting(bucket -> bucket.bucket(TimeUnit.MICROSECONDS))
                .contains(1000.0, 2000.0);
    }

    @Test
    void unscored_isCountedByBothReasons() {
        GuardMetrics metrics = GuardMetrics.of(registry);

        metrics.checked(SampleVerdicts.timedOut(), "", "");
        metrics.checked(
                SampleVerdicts.of(
                        Verdict.Subject.RESPONSE, Outcome.ALLOW, Reason.OVERLOADED, Optional.empty(), Optional.empty()),
                "",
                "");

        assertThat(count(GuardMetrics.UNSCORED, "reason", "NOT_JUDGED", "unscored.reason", "TIMEOUT"))
                .isEqualTo(1);
        assertThat(count(GuardMetrics.UNSCORED, "reason", "OVERLOADED", "unscored.reason", "none"))
                .isEqualTo(1);
    }

    @Test
    void truncatedCachedAndShadow_areSeen() {
        Verdict verdict = SampleVerdicts.blocked();
        GuardMetrics.of(registry)
                .checked(
                        new Verdict(
                                verdict.subject(),
                                verdict.decision(),
                                true,
                                true,
                                verdict.assessment(),
                                verdict.evaluator(),
                                verdict.policyVersion(),
                                true,
                                true,
                                0,
                                Optional.empty(),
                                7),
                        "",
                        "");

        assertThat(count(GuardMetrics.TRUNCATED, "subject", "RESPONSE", "part", "WHOLE"))
                .isEqualTo(1);
        assertThat(count(GuardMetrics.VERDICTS, "shadow", "true", "released", "true"))
                .isEqualTo(1);
        assertThat(registry.get(GuardMetrics.JUDGEMENTS)
                        .tags("cached", "true")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void meters_ofEveryKindOfVerdict_areFew() {
        GuardMetrics metrics = GuardMetrics.of(registry);
        for (int evaluator = 0; evaluator < 100; evaluator++) {
            for (Reason reason : Reason.values()) {
                for (Outcome outcome : Outcome.values()) {
                    metrics.checked(named("evaluator " + evaluator, outcome, reason), "", "");
                }
            }
        }

        assertThat(registry.find(GuardMetrics.JUDGEMENTS).meters())
                .hasSize((EvaluatorNames.MAX_NAMES + 1) * Outcome.values().length);
        assertThat(registry.find(GuardMetrics.VERDICTS).meters())
                .hasSize(Reason.values().length * Outcome.values().length);
        assertThat(registry.get(GuardMetrics.JUDGEMENTS)
                        .tags("evaluator", EvaluatorNames.OTHER, "outcome", "ALLOW")
                        .timer()
                        .count())
                .isEqualTo((100 - EvaluatorNames.MAX_NAMES) * (long) Reason.values().length);
    }

    private static Verdict named(String evaluator, Outcome outcome, Reason reason) {
        Verdict verdict =
                SampleVerdicts.of(Verdict.Subject.RESPONSE, outcome, reason, Optional.empty(), Optional.empty());
        return new Verdict(
                verdict.subject(),
                verdict.decision(),
                verdict.released(),
                false,
                verdict.assessment(),
                evaluator,
                verdict.policyVersion(),
                false,
                false,
                0,
                verdict.window(),
                1);
    }

    @Test
    void meters_ofOneName_haveTheSameKeys() {
        GuardMetrics metrics =
                GuardMetrics.builder(registry).tags(Tags.of("guard", "chat")).build();
        metrics.checked(SampleVerdicts.blocked(), "", "");
        metrics.checked(SampleVerdicts.timedOut(), "", "");
        metrics.checked(SampleVerdicts.allowedWindow(1, 2), "", "");
        metrics.checked(SampleVerdicts.riskyInstruction(), "", "");

        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName() + keys(meter))
                        .distinct()
                        .toList())
                .containsExactlyInAnyOrder(
                        "dna.guard.judgements[cached, evaluator, guard, outcome, part, subject]",
                        "dna.guard.verdicts[guard, outcome, part, reason, released, shadow, subject]",
                        "dna.guard.categories[guard, harm.type, outcome, part, risk.area, subject]",
                        "dna.guard.unscored[guard, part, reason, subject, unscored.reason]");
    }

    private static String keys(Meter meter) {
        return meter.getId().getTags().stream().map(Tag::getKey).toList().toString();
    }

    @Test
    void auditLog_isWatched(@TempDir Path directory) throws IOException {
        AuditLog log = AuditLog.open(directory.resolve("audit.jsonl"));
        try (log) {
            GuardMetrics.of(registry).watch(log);
            log.checked(SampleVerdicts.blocked(), "a", "b");
        }
        log.checked(SampleVerdicts.blocked(), "a", "b");

        assertThat(lines("written")).isEqualTo(1);
        assertThat(lines("dropped")).isEqualTo(1);
        assertThat(lines("failed")).isZero();
    }

    private double lines(String result) {
        return registry.get(GuardMetrics.AUDIT_LINES)
                .tag("result", result)
                .functionCounter()
                .count();
    }

    @Test
    void builder_optionTwice_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> GuardMetrics.builder(registry).histogram(true).histogram(false))
                .withMessage("histogram must be set once, but was true and false");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        GuardMetrics.builder(registry).tags(Tags.of("a", "b")).tags(Tags.of("c", "d")))
                .withMessageStartingWith("tags must be set once, but were ");
        assertThatIllegalStateException()
                .isThrownBy(() -> GuardMetrics.builder(registry)
                        .objectives(Duration.ofMillis(1))
                        .objectives(Duration.ofMillis(2)))
                .withMessage("objectives must be set once, but were [PT0.001S] and [PT0.002S]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GuardMetrics.builder(registry).objectives(Duration.ZERO))
                .withMessage("objective must be positive, but was PT0S");
    }

    @Test
    void everyHarmTypeAndUnscoredReason_hasAMeterOfItsOwn() {
        GuardMetrics metrics = GuardMetrics.of(registry);
        for (HarmType type : HarmType.values()) {
            metrics.checked(scored(type), "", "");
        }
        for (UnscoredReason reason : UnscoredReason.values()) {
            metrics.checked(
                    SampleVerdicts.of(
                            Verdict.Subject.RESPONSE,
                            Outcome.BLOCK,
                            Reason.NOT_JUDGED,
                            Optional.of(Assessment.Unscored.of(reason, "")),
                            Optional.empty()),
                    "",
                    "");
        }

        assertThat(registry.find(GuardMetrics.CATEGORIES).counters()).hasSize(HarmType.values().length);
        assertThat(registry.find(GuardMetrics.UNSCORED).counters()).hasSize(UnscoredReason.values().length);
    }

    private static Verdict scored(HarmType type) {
        return SampleVerdicts.of(
                Verdict.Subject.RESPONSE,
                Outcome.BLOCK,
                Reason.HARMFUL,
                Optional.of(Assessment.Scored.builder("sample 1.0")
                        .harmful(0.9)
                        .harmTypes(org.donotanswer.evaluate.Distribution.certain(type))
                        .build()),
                Optional.empty());
    }
}
