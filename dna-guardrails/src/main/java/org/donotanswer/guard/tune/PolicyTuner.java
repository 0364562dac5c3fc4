package org.donotanswer.guard.tune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.guard.policy.AppliedThreshold;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.tune.Expectations.Decided;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the thresholds of a policy on answers that people labelled, for a share of harmless answers that it may block by
 * mistake. Immutable, hence thread-safe.
 *
 * <p>The default gets the threshold at which the share holds for all; a risk area or harm type gets its own, at which it holds
 * for its answers, if they are enough: so many harmless ones that at least 5 of them would be blocked, for the threshold not to
 * hang on one or two, and 20 harmful ones, for its recall to be known at all. The others share the next wider scope's. The share
 * holds for all scopes together, too.
 *
 * <p>Thresholds look better on the answers that chose them than on others. What {@link TunedPolicy} tells to expect is therefore
 * measured in folds: each part of the answers is decided with thresholds that the other parts chose. The policy's own thresholds
 * are chosen on all.
 *
 * <p>Answers that the policy does not compare with a threshold, as its rules on actions block or pass them, are counted as they
 * are decided. Those that the evaluator did not judge are left out, and counted.
 */
public final class PolicyTuner {
    private static final double DEFAULT_CONFIDENCE = 0.95;
    private static final int DEFAULT_FOLDS = 5;

    private final double falseBlockRate;
    private final OptionalDouble reviewRate;
    private final Granularity granularity;
    private final Template template;
    private final int folds;
    private final double confidence;
    private final long seed;

    private PolicyTuner(Builder builder) {
        falseBlockRate = Objects.requireNonNull(builder.falseBlockRate);
        reviewRate = builder.reviewRate == null ? OptionalDouble.empty() : OptionalDouble.of(builder.reviewRate);
        granularity = builder.granularity == null ? Granularity.HARM_TYPE : builder.granularity;
        template = new Template(builder.policy == null ? SafetyPolicy.defaults() : builder.policy);
        folds = builder.folds == null ? DEFAULT_FOLDS : builder.folds;
        confidence = builder.confidence == null ? DEFAULT_CONFIDENCE : builder.confidence;
        seed = Objects.requireNonNull(builder.seed);
    }

    /** Returns a builder of a tuner. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the policy with thresholds, and what to expect of it.
     *
     * @throws IllegalArgumentException if there are too few harmless answers or groups, no harmful answer, or no threshold keeps
     *     the rates
     */
    public TunedPolicy tune(List<LabelledAssessment> answers) {
        Map<Reason, Integer> notJudged = new EnumMap<>(Reason.class);
        List<Item> items = items(answers, notJudged);
        requireEnough(items);
        Tuned tuned = tuned(items, granularity);
        List<Decided> decided = decided(items, granularity);
        Expectations expectations = new Expectations(confidence, seed);
        List<Expectation> byScope = new ArrayList<>();
        tuned.block
                .own()
                .keySet()
                .forEach(scope -> byScope.add(expectations.of(
                        scope.name(),
                        decided.stream()
                                .filter(each -> tuned.scopes.of(each.item()).equals(Optional.of(scope)))
                                .toList())));
        byScope.add(expectations.of(
                AppliedThreshold.DEFAULT,
                decided.stream()
                        .filter(each -> tuned.scopes.of(each.item()).isEmpty())
                        .toList()));
        boolean byOne = tuned.scopes.isEmpty();
        return new TunedPolicy(
                tuned.policy,
                falseBlockRate,
                reviewRate,
                expectations.of(Expectation.ALL, decided),
                byScope,
                byOne
                        ? Optional.empty()
                        : Optional.of(expectations.of(Expectation.ONE_THRESHOLD, decided(items, Granularity.DEFAULT))),
                notJudged,
                folds,
                confidence,
                seed);
    }

    private List<Item> items(List<LabelledAssessment> answers, Map<Reason, Integer> notJudged) {
        Map<String, Integer> groups = new HashMap<>();
        List<Item> items = new ArrayList<>();
        for (LabelledAssessment answer : answers) {
            Decision decision = template.plain().decide(answer.assessment());
            if (answer.assessment() instanceof Scored scored
                    && !decision.reason().isFailure()) {
                // An answer of no group has one of its own, by a number that none of the others has.
                int group = answer.group()
                        .map(name -> groups.computeIfAbsent(name, key -> groups.size()))
                        .orElse(-1 - items.size());
                items.add(new Item(scored, score(decision), answer.harmful(), group));
            } else {
                notJudged.merge(decision.reason(), 1, Integer::sum);
            }
        }
        return items;
    }

    private static double score(Decision decision) {
        if (decision.threshold().isPresent()) {
            return decision.probability().getAsDouble();
        }
        return decision.outcome() == Outcome.BLOCK ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    private void requireEnough(List<Item> items) {
        long harmful = items.stream().filter(Item::harmful).count();
        if (harmful == 0) {
            throw new IllegalArgumentException("answers must have a harmful one, but had none among " + items.size());
        }
        long groups = items.stream().mapToInt(Item::group).distinct().count();
        if (groups < folds) {
            throw new IllegalArgumentException(
                    "answers must be of at least " + folds + " groups, one per fold, but were of " + groups);
        }
        // Without a fold there must be harmless ones enough to allow the rate of one of them.
        long least = (long) Math.ceil((1 / falseBlockRate - 1) * folds / (folds - 1));
        long harmless = items.size() - harmful;
        if (harmless < least) {
            throw new IllegalArgumentException(
                    "answers must have at least " + least + " harmless ones for a false-block rate of " + falseBlockRate
                            + " in " + folds + " folds, but had " + harmless);
        }
    }

    /** A policy and how its thresholds were chosen. */
    private record Tuned(SafetyPolicy policy, Thresholds block, Scopes scopes) {}

    private Tuned tuned(List<Item> items, Granularity finest) {
        Scopes wanted = Scopes.of(items, falseBlockRate, finest);
        Thresholds block = thresholds(items, falseBlockRate, wanted);
        Scopes scopes = block.own().isEmpty() ? Scopes.NONE : wanted;
        Thresholds review =
                reviewRate.isPresent() ? thresholds(items, falseBlockRate + reviewRate.getAsDouble(), scopes) : null;
        return new Tuned(template.with(block, review), block, scopes);
    }

    private static Thresholds thresholds(List<Item> items, double rate, Scopes scopes) {
        return Thresholds.of(items, rate, scopes).orElseThrow(() -> {
            List<Item> harmless = items.stream().filter(item -> !item.harmful()).toList();
            long blocked = harmless.stream().filter(item -> item.score() >= 1).count();
            return new IllegalArgumentException(
                    "false-block rate must be possible for some threshold, but was " + rate + " where "
                            + blocked + " of " + harmless.size()
                            + " harmless answers have a probability of harm of 1 or are blocked for their action");
        });
    }

    /** Returns what becomes of each answer with thresholds that were chosen without its fold. */
    private List<Decided> decided(List<Item> items, Granularity finest) {
        List<Integer> groups = new ArrayList<>(
                new LinkedHashSet<>(items.stream().map(Item::group).toList()));
        Collections.shuffle(groups, new Random(seed));
        Map<Integer, Integer> foldOf = new HashMap<>();
        groups.forEach(group -> foldOf.put(group, foldOf.size() % folds));
        List<Decided> decided = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            int tested = fold;
            SafetyPolicy policy = tuned(
                            items.stream()
                                    .filter(item -> foldOf.get(item.group()) != tested)
                                    .toList(),
                            finest)
                    .policy;
            items.stream()
                    .filter(item -> foldOf.get(item.group()) == tested)
                    .forEach(item -> decided.add(new Decided(item, policy.decide(item.scored()))));
        }
        return decided;
    }

    /** Builds a tuner. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable Double falseBlockRate;
        private @Nullable Double reviewRate;
        private @Nullable Granularity granularity;
        private @Nullable SafetyPolicy policy;
        private @Nullable Integer folds;
        private @Nullable Double confidence;
        private @Nullable Long seed;

        private Builder() {}

        /** Sets the share of harmless answers that may be blocked, in (0, 1). Required. */
        public Builder falseBlockRate(double rate) {
            falseBlockRate =
                    BuilderChecks.setOnce("falseBlockRate", falseBlockRate, requireInside("falseBlockRate", rate));
            return this;
        }

        /** Sets the share of harmless answers that may be given to review, in (0, 1); nothing is reviewed if not set. */
        public Builder reviewRate(double rate) {
            reviewRate = BuilderChecks.setOnce("reviewRate", reviewRate, requireInside("reviewRate", rate));
            return this;
        }

        /** Sets which scopes may get thresholds of their own; {@link Granularity#HARM_TYPE} if not set. */
        public Builder granularity(Granularity finest) {
            granularity = BuilderChecks.setOnce("granularity", granularity, finest);
            return this;
        }

        /**
         * Sets the policy whose rules on actions, instruction rule, modes and texts the tuned one has, but none of its thresholds
         * of harm; {@link SafetyPolicy#defaults()} if not set.
         */
        public Builder policy(SafetyPolicy value) {
            policy = BuilderChecks.setOnce("policy", policy, value);
            return this;
        }

        /** Sets in how many parts answers are to see what to expect, at least 2; {@value PolicyTuner#DEFAULT_FOLDS} if not set. */
        public Builder folds(int count) {
            folds = BuilderChecks.setOnce("folds", folds, BuilderChecks.requireAtLeast("folds", 2, count));
            return this;
        }

        /** Sets the confidence of intervals, in (0, 1); {@value PolicyTuner#DEFAULT_CONFIDENCE} if not set. */
        public Builder confidence(double value) {
            confidence = BuilderChecks.setOnce("confidence", confidence, requireInside("confidence", value));
            return this;
        }

        /** Sets the seed of the folds and intervals. Required. */
        public Builder seed(long value) {
            seed = BuilderChecks.setOnce("seed", seed, value);
            return this;
        }

        /**
         * Returns the tuner.
         *
         * @throws IllegalStateException if the false-block rate or the seed is not set
         * @throws IllegalArgumentException if the rates together are not below 1
         */
        public PolicyTuner build() {
            requireSet("falseBlockRate", falseBlockRate);
            requireSet("seed", seed);
            if (reviewRate != null && falseBlockRate + reviewRate >= 1) {
                throw new IllegalArgumentException("falseBlockRate and reviewRate must be below 1 together, but were "
                        + falseBlockRate + " and " + reviewRate);
            }
            return new PolicyTuner(this);
        }

        private static double requireInside(String name, double value) {
            if (!(value > 0 && value < 1)) {
                throw new IllegalArgumentException(name + " must be in (0, 1), but was " + value);
            }
            return value;
        }

        private static void requireSet(String name, @Nullable Object value) {
            if (value == null) {
                throw new IllegalStateException(name + " must be set, but was not");
            }
        }
    }
}
