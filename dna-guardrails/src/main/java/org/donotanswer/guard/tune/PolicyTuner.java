package org.donotanswer.guard.tune;

import java.util.ArrayList;
import java.util.Collection;
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
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Evaluation;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.ReportedThreshold;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.tune.ExpectationEstimator.Decided;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the thresholds of a policy from labelled responses, so that the policy blocks no more than a given proportion of
 * harmless responses. Immutable, hence thread-safe.
 *
 * <pre>{@code
 * TunedPolicy tuned = PolicyTuner.tune(evaluator, exchanges, labels);
 * System.out.println(tuned.describe());
 * tuned.policy().write(Path.of("policy.json"));
 * }</pre>
 *
 * <p>The default scope gets the threshold at which the proportion holds for all responses. A risk area or harm type gets its own
 * threshold, at which the proportion holds for its responses, if there are enough of them: so many harmless ones that at least 5
 * would be blocked, so that the threshold does not depend on one or two, and 20 harmful ones, so that its recall can be estimated
 * at all. Other scopes use the threshold of the next wider one. The proportion also holds for all scopes together.
 *
 * <p>Thresholds look better on the responses that chose them than on others. The expectations of a {@link TunedPolicy} are
 * therefore measured in folds: each fold is decided with thresholds that the other folds chose. The policy's own thresholds are
 * chosen from all responses.
 *
 * <p>Responses that the policy does not compare with a threshold, because its rules on actions block or pass them, count as they
 * are decided. Responses that the evaluator could not score are left out, and counted.
 */
public final class PolicyTuner {
    /** The proportion of harmless responses that {@link #tune(SafetyEvaluator, List, List)} lets the policy block. */
    public static final double DEFAULT_FALSE_BLOCK_RATE = 0.01;

    private static final double DEFAULT_CONFIDENCE = 0.95;
    private static final int DEFAULT_FOLDS = 5;
    private static final long DEFAULT_SEED = 42;

    private final double falseBlockRate;
    private final OptionalDouble reviewRate;
    private final Granularity granularity;
    private final PolicyTemplate template;
    private final int folds;
    private final double confidence;
    private final long seed;

    private PolicyTuner(Builder builder) {
        falseBlockRate = Objects.requireNonNull(builder.falseBlockRate);
        reviewRate = builder.reviewRate == null ? OptionalDouble.empty() : OptionalDouble.of(builder.reviewRate);
        granularity = builder.granularity == null ? Granularity.HARM_TYPE : builder.granularity;
        template = new PolicyTemplate(builder.policy == null ? SafetyPolicy.defaults() : builder.policy);
        folds = builder.folds == null ? DEFAULT_FOLDS : builder.folds;
        confidence = builder.confidence == null ? DEFAULT_CONFIDENCE : builder.confidence;
        seed = Objects.requireNonNull(builder.seed);
    }

    /** Returns a builder of a tuner. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the default policy with thresholds that block at most {@value #DEFAULT_FALSE_BLOCK_RATE} of harmless responses. Use a
     * {@linkplain #builder() builder} for other proportions and policies. The evaluator is not closed.
     *
     * @param exchanges exchanges that the evaluator was not trained on; those with the same instruction form a group
     * @param harmful whether the response of each exchange is harmful, in the same order
     * @throws IllegalArgumentException if the lists differ in size, or as {@link #tune(List)} says
     */
    public static TunedPolicy tune(SafetyEvaluator evaluator, List<Exchange> exchanges, List<Boolean> harmful) {
        if (exchanges.size() != harmful.size()) {
            throw new IllegalArgumentException("exchanges and labels must have the same size, but were "
                    + exchanges.size() + " and " + harmful.size());
        }
        List<LabelledExchange> labelled = new ArrayList<>(exchanges.size());
        for (int i = 0; i < exchanges.size(); i++) {
            labelled.add(LabelledExchange.of(Integer.toString(i), exchanges.get(i), harmful.get(i)));
        }
        return byDefault().tune(evaluator, labelled);
    }

    /**
     * Returns the default policy with thresholds that block at most {@value #DEFAULT_FALSE_BLOCK_RATE} of harmless responses. Use a
     * {@linkplain #builder() builder} for other proportions and policies. The evaluator is not closed.
     *
     * @param <K> the keys, for example ids
     * @param exchanges exchanges that the evaluator was not trained on; those with the same instruction form a group
     * @param harmful whether the response of each exchange is harmful, by the same keys
     * @throws IllegalArgumentException if an exchange has no label, or a label no exchange, or as {@link #tune(List)} says; the
     *     message gives positions and counts, not keys
     */
    public static <K> TunedPolicy tune(SafetyEvaluator evaluator, Map<K, Exchange> exchanges, Map<K, Boolean> harmful) {
        List<LabelledExchange> labelled = new ArrayList<>(exchanges.size());
        exchanges.forEach((key, exchange) -> {
            Boolean label = harmful.get(key);
            if (label == null) {
                throw new IllegalArgumentException(
                        "exchange must have a label, but had none (item " + labelled.size() + ")");
            }
            labelled.add(LabelledExchange.of(Integer.toString(labelled.size()), exchange, label));
        });
        if (harmful.size() != exchanges.size()) {
            throw new IllegalArgumentException(
                    "labels must be of the " + exchanges.size() + " exchanges, but there were " + harmful.size());
        }
        return byDefault().tune(evaluator, labelled);
    }

    private static PolicyTuner byDefault() {
        return builder()
                .falseBlockRate(DEFAULT_FALSE_BLOCK_RATE)
                .seed(DEFAULT_SEED)
                .build();
    }

    /**
     * Returns the policy with thresholds, and its expectations. An exchange without a group belongs to that of its instruction,
     * unless the instruction is blank. An exchange that the evaluator fails on counts as not scored. The evaluator is not closed.
     *
     * @param exchanges exchanges that the evaluator was not trained on
     * @throws IllegalArgumentException if two exchanges have the same id, one is not labelled harmful or harmless, or as {@link
     *     #tune(List)} says; the message gives positions, not ids
     */
    public TunedPolicy tune(SafetyEvaluator evaluator, Collection<LabelledExchange> exchanges) {
        int position = 0;
        for (LabelledExchange exchange : exchanges) {
            if (exchange.harmful().isEmpty()) {
                throw new IllegalArgumentException(
                        "exchange must be labelled harmful or harmless, but was not (item " + position + ")");
            }
            position++;
        }
        Map<String, Assessment> assessments =
                Evaluation.of(evaluator, exchanges).assessments();
        return tune(exchanges.stream()
                .map(exchange -> new LabelledAssessment(
                        Objects.requireNonNull(assessments.get(exchange.id())),
                        exchange.harmful().orElseThrow(),
                        exchange.group().or(() -> instruction(exchange))))
                .toList());
    }

    private static Optional<String> instruction(LabelledExchange exchange) {
        return Optional.of(exchange.exchange().instruction()).filter(instruction -> !instruction.isBlank());
    }

    /**
     * Returns the policy with thresholds, and its expectations.
     *
     * @throws IllegalArgumentException if there are too few harmless responses or groups, no harmful response, or no threshold
     *     that achieves the rates
     */
    public TunedPolicy tune(List<LabelledAssessment> responses) {
        Map<Reason, Integer> leftOut = new EnumMap<>(Reason.class);
        List<LabelledScore> items = items(responses, leftOut);
        requireEnough(items);
        Tuned tuned = tuned(items, granularity);
        List<Decided> decided = decided(items, granularity);
        ExpectationEstimator estimator = new ExpectationEstimator(confidence, seed);
        List<Expectation> byScope = new ArrayList<>();
        tuned.block
                .own()
                .keySet()
                .forEach(scope -> byScope.add(estimator.expectation(
                        scope.name(),
                        decided.stream()
                                .filter(each -> tuned.scopes.of(each.item()).equals(Optional.of(scope)))
                                .toList())));
        byScope.add(estimator.expectation(
                ReportedThreshold.DEFAULT,
                decided.stream()
                        .filter(each -> tuned.scopes.of(each.item()).isEmpty())
                        .toList()));
        boolean byOne = tuned.scopes.isEmpty();
        return new TunedPolicy(
                tuned.policy,
                falseBlockRate,
                reviewRate,
                estimator.expectation(Expectation.ALL, decided),
                byScope,
                byOne
                        ? Optional.empty()
                        : Optional.of(
                                estimator.expectation(Expectation.ONE_THRESHOLD, decided(items, Granularity.DEFAULT))),
                leftOut,
                folds,
                confidence,
                seed);
    }

    private List<LabelledScore> items(List<LabelledAssessment> responses, Map<Reason, Integer> leftOut) {
        Map<String, Integer> groups = new HashMap<>();
        List<LabelledScore> items = new ArrayList<>();
        for (LabelledAssessment response : responses) {
            Decision decision = template.plain().decide(response.assessment());
            if (response.assessment() instanceof Scored scored
                    && !decision.reason().isFailure()) {
                // A response without a group gets a number that no other response has.
                int group = response.group()
                        .map(name -> groups.computeIfAbsent(name, key -> groups.size()))
                        .orElse(-1 - items.size());
                items.add(new LabelledScore(scored, score(decision), response.harmful(), group));
            } else {
                leftOut.merge(decision.reason(), 1, Integer::sum);
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

    private void requireEnough(List<LabelledScore> items) {
        long harmful = items.stream().filter(LabelledScore::harmful).count();
        if (harmful == 0) {
            throw new IllegalArgumentException(
                    "responses must include a harmful one, but there was none among " + items.size());
        }
        long groups = items.stream().mapToInt(LabelledScore::group).distinct().count();
        if (groups < folds) {
            throw new IllegalArgumentException(
                    "responses must form at least " + folds + " groups, one per fold, but formed " + groups);
        }
        // Without one fold, there must be enough harmless responses for the rate to allow one of them.
        long minimum = (long) Math.ceil((1 / falseBlockRate - 1) * folds / (folds - 1));
        long harmless = items.size() - harmful;
        if (harmless < minimum) {
            throw new IllegalArgumentException(
                    "responses must include at least " + minimum + " harmless ones for a falseBlockRate of "
                            + falseBlockRate + " in " + folds + " folds, but there were " + harmless);
        }
    }

    /** A policy with its block thresholds and their scopes. */
    private record Tuned(SafetyPolicy policy, ScopeThresholds block, TunedScopes scopes) {}

    private Tuned tuned(List<LabelledScore> items, Granularity finest) {
        TunedScopes wanted = TunedScopes.of(items, falseBlockRate, finest);
        ScopeThresholds block = thresholds(items, falseBlockRate, wanted);
        TunedScopes scopes = block.own().isEmpty() ? TunedScopes.NONE : wanted;
        ScopeThresholds review =
                reviewRate.isPresent() ? thresholds(items, falseBlockRate + reviewRate.getAsDouble(), scopes) : null;
        return new Tuned(template.with(block, review), block, scopes);
    }

    private static ScopeThresholds thresholds(List<LabelledScore> items, double rate, TunedScopes scopes) {
        return ScopeThresholds.of(items, rate, scopes).orElseThrow(() -> {
            List<LabelledScore> harmless =
                    items.stream().filter(item -> !item.harmful()).toList();
            long blocked = harmless.stream().filter(item -> item.score() >= 1).count();
            return new IllegalArgumentException(
                    "rate must be achievable by some threshold, but was " + rate + ", and " + blocked + " of "
                            + harmless.size()
                            + " harmless responses have a probability of harm of 1 or are blocked for their action");
        });
    }

    /** Returns the decision on each response, with thresholds that were chosen without its fold. */
    private List<Decided> decided(List<LabelledScore> items, Granularity finest) {
        List<Integer> groups = new ArrayList<>(
                new LinkedHashSet<>(items.stream().map(LabelledScore::group).toList()));
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

        /** Sets the proportion of harmless responses that may be blocked, in (0, 1). Required. */
        public Builder falseBlockRate(double rate) {
            falseBlockRate =
                    BuilderChecks.setOnce("falseBlockRate", falseBlockRate, requireInside("falseBlockRate", rate));
            return this;
        }

        /** Sets the proportion of harmless responses that may be sent to review, in (0, 1); by default, nothing is. */
        public Builder reviewRate(double rate) {
            reviewRate = BuilderChecks.setOnce("reviewRate", reviewRate, requireInside("reviewRate", rate));
            return this;
        }

        /** Sets which scopes may get their own thresholds; {@link Granularity#HARM_TYPE} by default. */
        public Builder granularity(Granularity finest) {
            granularity = BuilderChecks.setOnce("granularity", granularity, finest);
            return this;
        }

        /**
         * Sets the policy from which everything but the thresholds of harm is taken: rules on actions, the instruction rule, modes
         * and texts; {@link SafetyPolicy#defaults()} by default.
         */
        public Builder policy(SafetyPolicy value) {
            policy = BuilderChecks.setOnce("policy", policy, value);
            return this;
        }

        /** Sets the number of folds, at least 2; {@value PolicyTuner#DEFAULT_FOLDS} by default. */
        public Builder folds(int count) {
            folds = BuilderChecks.setOnce("folds", folds, BuilderChecks.requireAtLeast("folds", 2, count));
            return this;
        }

        /** Sets the confidence of intervals, in (0, 1); {@value PolicyTuner#DEFAULT_CONFIDENCE} by default. */
        public Builder confidence(double value) {
            confidence = BuilderChecks.setOnce("confidence", confidence, requireInside("confidence", value));
            return this;
        }

        /** Sets the seed of folds and intervals. Required. */
        public Builder seed(long value) {
            seed = BuilderChecks.setOnce("seed", seed, value);
            return this;
        }

        /**
         * Returns the tuner.
         *
         * @throws IllegalStateException if falseBlockRate or seed is not set
         * @throws IllegalArgumentException if the sum of the rates is not below 1
         */
        public PolicyTuner build() {
            BuilderChecks.requireSet("falseBlockRate", falseBlockRate);
            BuilderChecks.requireSet("seed", seed);
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
    }
}
