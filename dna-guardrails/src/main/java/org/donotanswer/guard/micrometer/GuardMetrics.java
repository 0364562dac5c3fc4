package org.donotanswer.guard.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.audit.AuditLog;
import org.jspecify.annotations.Nullable;

/**
 * Counts verdicts and times checks. Thread-safe; one object serves any number of guards.
 *
 * <table>
 * <caption>Meters; all but the last have the tags {@code subject} ({@code INSTRUCTION}, {@code RESPONSE}) and {@code
 * part} ({@code WHOLE}; {@code WINDOW} of a stream)</caption>
 * <tr><th>Meter</th><th>What</th><th>Further tags</th></tr>
 * <tr><td>{@value #JUDGEMENTS}</td><td>timer of checks</td><td>{@code evaluator}, {@code outcome}, {@code
 * cached}</td></tr>
 * <tr><td>{@value #VERDICTS}</td><td>counter of verdicts</td><td>{@code outcome}, {@code reason}, {@code released},
 * {@code shadow}</td></tr>
 * <tr><td>{@value #CATEGORIES}</td><td>counter of verdicts by the harm that would result if the instruction were
 * risky</td><td>{@code outcome}, {@code risk.area}, {@code harm.type}</td></tr>
 * <tr><td>{@value #UNSCORED}</td><td>counter of texts that were not scored</td><td>{@code reason}, {@code
 * unscored.reason}</td></tr>
 * <tr><td>{@value #TRUNCATED}</td><td>counter of texts that were not read to the end</td><td></td></tr>
 * <tr><td>{@value #AUDIT_LINES}</td><td>counter of the lines of a {@linkplain #watch watched} audit log</td><td>{@code
 * result}: {@code written}, {@code dropped}, {@code failed}</td></tr>
 * </table>
 *
 * <p>Values are names of constants, {@code true}, {@code false} or {@value #NONE}. Only {@code evaluator} has no
 * closed list of values; after {@value EvaluatorNames#MAX_NAMES} different ones, all others are named {@value
 * EvaluatorNames#OTHER}.
 */
public final class GuardMetrics implements GuardListener {
    /** The timer of checks. */
    public static final String JUDGEMENTS = "dna.guard.judgements";
    /** The counter of verdicts. */
    public static final String VERDICTS = "dna.guard.verdicts";
    /** The counter of verdicts by harm type. */
    public static final String CATEGORIES = "dna.guard.categories";
    /** The counter of texts that were not scored. */
    public static final String UNSCORED = "dna.guard.unscored";
    /** The counter of texts that were not read to the end. */
    public static final String TRUNCATED = "dna.guard.truncated";
    /** The counter of lines of audit logs. */
    public static final String AUDIT_LINES = "dna.guard.audit.lines";
    /** The value of a tag without a value. */
    public static final String NONE = "none";

    /** Embedded models take microseconds; below this and above {@link #MAX_EXPECTED}, a histogram has no buckets. */
    private static final Duration MIN_EXPECTED = Duration.ofNanos(10_000);

    private static final Duration MAX_EXPECTED = Duration.ofSeconds(30);

    private final MeterRegistry registry;
    private final Tags tags;
    private final boolean histogram;
    private final Duration[] objectives;
    private final EvaluatorNames evaluators = new EvaluatorNames();
    /** Looking meters up by their tags would take longer than everything else. */
    private final Map<VerdictKind, Meters> meters = new ConcurrentHashMap<>();

    private GuardMetrics(Builder builder) {
        registry = builder.registry;
        tags = builder.tags == null ? Tags.empty() : builder.tags;
        histogram = builder.histogram != null && builder.histogram;
        objectives = builder.objectives == null ? new Duration[0] : builder.objectives;
    }

    /** Returns metrics in a registry, without histograms. */
    public static GuardMetrics of(MeterRegistry registry) {
        return builder(registry).build();
    }

    /** Returns a builder of metrics in a registry. */
    public static Builder builder(MeterRegistry registry) {
        return new Builder(registry);
    }

    @Override
    public void checked(Verdict verdict, String instruction, String text) {
        VerdictKind kind = VerdictKind.of(verdict, evaluators);
        Meters of = meters.get(kind);
        if (of == null) {
            of = meters.computeIfAbsent(kind, this::register);
        }
        of.count(verdict);
    }

    /** Also counts the lines of an audit log: written, dropped and failed ones. */
    public GuardMetrics watch(AuditLog log) {
        Objects.requireNonNull(log, "log");
        FunctionCounter.builder(AUDIT_LINES, log, AuditLog::written)
                .tags(tags.and("result", "written"))
                .register(registry);
        FunctionCounter.builder(AUDIT_LINES, log, AuditLog::dropped)
                .tags(tags.and("result", "dropped"))
                .register(registry);
        FunctionCounter.builder(AUDIT_LINES, log, AuditLog::failed)
                .tags(tags.and("result", "failed"))
                .register(registry);
        return this;
    }

    private Meters register(VerdictKind kind) {
        Tags all = tags.and("subject", kind.subject().name(), "part", kind.part());
        return new Meters(
                timer(all.and(
                        "evaluator", kind.evaluator(), "outcome", kind.outcome().name(), "cached", "" + kind.cached())),
                counter(
                        VERDICTS,
                        "Verdicts",
                        all.and(
                                "outcome",
                                kind.outcome().name(),
                                "reason",
                                kind.reason().name(),
                                "released",
                                "" + kind.released(),
                                "shadow",
                                "" + kind.shadow())),
                kind.harmType() == null
                        ? null
                        : counter(
                                CATEGORIES,
                                "Verdicts by harm type, if the instruction is risky",
                                all.and(
                                        "outcome", kind.outcome().name(),
                                        "risk.area", kind.harmType().riskArea().name(),
                                        "harm.type", kind.harmType().name())),
                kind.isScored()
                        ? null
                        : counter(
                                UNSCORED,
                                "Texts that were not scored",
                                all.and(
                                        "reason",
                                        kind.reason().name(),
                                        "unscored.reason",
                                        kind.unscored() == null
                                                ? NONE
                                                : kind.unscored().name())),
                kind.truncated() ? counter(TRUNCATED, "Texts that were not read to the end", all) : null);
    }

    private Counter counter(String name, String description, Tags of) {
        return Counter.builder(name).description(description).tags(of).register(registry);
    }

    private Timer timer(Tags of) {
        Timer.Builder timer = Timer.builder(JUDGEMENTS)
                .description("Time that checks took")
                .tags(of)
                .minimumExpectedValue(MIN_EXPECTED)
                .maximumExpectedValue(MAX_EXPECTED)
                .publishPercentileHistogram(histogram);
        if (objectives.length > 0) {
            timer.serviceLevelObjectives(objectives);
        }
        return timer.register(registry);
    }

    private record Meters(
            Timer checks,
            Counter verdicts,
            @Nullable Counter categories,
            @Nullable Counter unscored,
            @Nullable Counter truncated) {
        void count(Verdict verdict) {
            checks.record(Duration.ofNanos(verdict.latencyNanos()));
            verdicts.increment();
            increment(categories);
            increment(unscored);
            increment(truncated);
        }

        private static void increment(@Nullable Counter counter) {
            if (counter != null) {
                counter.increment();
            }
        }
    }

    /** Builds metrics. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private final MeterRegistry registry;
        private @Nullable Tags tags;
        private @Nullable Boolean histogram;
        private Duration @Nullable [] objectives;

        private Builder(MeterRegistry registry) {
            this.registry = Objects.requireNonNull(registry, "registry");
        }

        /**
         * Sets tags of all meters, for example the name of the guard.
         *
         * @throws IllegalStateException if they were set already
         */
        public Builder tags(Iterable<Tag> value) {
            Tags given = Tags.of(value);
            if (tags != null) {
                throw new IllegalStateException("tags must be set once, but were " + tags + " and " + given);
            }
            tags = given;
            return this;
        }

        /**
         * Sets whether the timer has a histogram, for percentiles across processes; it costs a meter per bucket.
         *
         * @throws IllegalStateException if it was set already
         */
        public Builder histogram(boolean value) {
            if (histogram != null) {
                throw new IllegalStateException("histogram must be set once, but was " + histogram + " and " + value);
            }
            histogram = value;
            return this;
        }

        /**
         * Sets service level objectives: times for which the timer counts how many checks took no longer.
         *
         * @throws IllegalArgumentException if one of them is not positive
         * @throws IllegalStateException if they were set already
         */
        public Builder objectives(Duration... values) {
            Duration[] given = values.clone();
            for (Duration each : given) {
                if (each.isNegative() || each.isZero()) {
                    throw new IllegalArgumentException("objective must be positive, but was " + each);
                }
            }
            if (objectives != null) {
                throw new IllegalStateException("objectives must be set once, but were "
                        + java.util.Arrays.toString(objectives) + " and " + java.util.Arrays.toString(given));
            }
            objectives = given;
            return this;
        }

        /** Returns the metrics. */
        public GuardMetrics build() {
            return new GuardMetrics(this);
        }
    }
}
