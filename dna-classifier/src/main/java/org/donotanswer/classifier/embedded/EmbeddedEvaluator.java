package org.donotanswer.classifier.embedded;

import java.util.List;
import java.util.Objects;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates exchanges with an {@link EmbeddedModel}, in pure Java and in microseconds. Every head that the model has is
 * part of the assessment.
 *
 * <p>Changes that leave the meaning of a text alone leave its assessment alone: letter case, Unicode form, accents, curly
 * quotes, white space, invisible characters, emoji and Markdown. Of a text longer than 16,000 chars, only the first 12,000
 * and the last 4,000 are read, and the assessment is marked as truncated. A response that is clearly not in English is
 * unscored unless {@link Builder#checkLanguage} is off; code is judged by its words, whatever they are. A response without
 * words (numbers, a formula, emoji, punctuation) is always unscored. The harm type assumes a risky instruction: ignore it
 * where the instruction risk is low.
 *
 * <p>Thread-safe and lock-free. A call on a new thread, virtual or not, reuses pooled working memory; the evaluator keeps
 * about 440 KB of it per processor until it is closed.
 */
public final class EmbeddedEvaluator implements SafetyEvaluator {
    private final EmbeddedModel model;
    private final String name;
    private final ScorerPool scorers;
    private volatile boolean closed;

    private EmbeddedEvaluator(EmbeddedModel model, boolean checkLanguage, boolean benchmarkNorm) {
        this.model = model;
        name = model.provenance().name() + " " + model.provenance().version();
        ModelParameters parameters = model.parameters();
        ModelParameters.Norm norm =
                benchmarkNorm && parameters.benchmark() != null ? parameters.benchmark() : parameters.general();
        scorers = new ScorerPool(
                () -> new Scorer(model.parameters(), norm, name, checkLanguage),
                Runtime.getRuntime().availableProcessors());
    }

    /** Returns an evaluator of a model with the default options. */
    public static EmbeddedEvaluator of(EmbeddedModel model) {
        return builder().model(model).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        Objects.requireNonNull(exchange, "exchange");
        requireOpen();
        Scorer scorer = scorers.acquire();
        Assessment assessment = scorer.score(exchange);
        release(scorer);
        return assessment;
    }

    /**
     * Returns the risk of an instruction and the type of harm that it invites, with the same values as in an assessment of
     * an exchange. The assessment is unscored for one of these reasons: {@link UnscoredReason#NOT_SUPPORTED} if the model
     * has no head for the risk of instructions, {@link UnscoredReason#INVALID_INPUT} if the instruction is blank, {@link
     * UnscoredReason#NO_WORDS} if it has no words, and {@link UnscoredReason#UNSUPPORTED_LANGUAGE} if it is clearly not in
     * English.
     */
    @Override
    public Assessment evaluateInstruction(String instruction) {
        Objects.requireNonNull(instruction, "instruction");
        requireOpen();
        Scorer scorer = scorers.acquire();
        Assessment assessment = scorer.scoreInstruction(instruction);
        release(scorer);
        return assessment;
    }

    /** Returns true. */
    @Override
    public boolean isNonBlocking() {
        return true;
    }

    @Override
    public List<Assessment> evaluateAll(List<Exchange> exchanges) {
        requireOpen();
        return SafetyEvaluator.super.evaluateAll(exchanges);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Provenance provenance() {
        return model.provenance();
    }

    @Override
    public void close() {
        closed = true;
        scorers.clear();
    }

    /** Keeps a scorer for the next call. One that has thrown is not kept: its working memory may be inconsistent. */
    private void release(Scorer scorer) {
        scorers.release(scorer);
        if (closed) {
            scorers.clear();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("EmbeddedEvaluator is closed");
        }
    }

    /** Builds an evaluator. Each option can be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable EmbeddedModel model;
        private @Nullable Boolean checkLanguage;
        private @Nullable Boolean benchmarkNorm;

        private Builder() {}

        /**
         * Sets the model. Required.
         *
         * @throws IllegalStateException if a model was set before
         */
        public Builder model(EmbeddedModel value) {
            model = BuilderChecks.setOnce("model", model, value);
            return this;
        }

        /**
         * Sets whether a text that is clearly not in English is unscored. The default is true.
         *
         * @throws IllegalStateException if the option was set before
         */
        public Builder checkLanguage(boolean value) {
            checkLanguage = BuilderChecks.setOnce("checkLanguage", checkLanguage, value);
            return this;
        }

        /**
         * Sets whether actions and harm are judged as the annotators of the Do-Not-Answer benchmark judge them, who also call
         * mild harm harmful and whose instructions are all risky. The default is false: the average of the sources that the
         * model was trained on. Use the benchmark's norm to score LLMs on the benchmark, not in a guardrail. The option has
         * no effect on a model that was not trained on the benchmark.
         *
         * @throws IllegalStateException if the option was set before
         */
        public Builder benchmarkNorm(boolean value) {
            benchmarkNorm = BuilderChecks.setOnce("benchmarkNorm", benchmarkNorm, value);
            return this;
        }

        /**
         * Returns the evaluator.
         *
         * @throws IllegalStateException if no model was set
         */
        public EmbeddedEvaluator build() {
            return new EmbeddedEvaluator(
                    BuilderChecks.requireSet("model", model),
                    checkLanguage == null || checkLanguage,
                    benchmarkNorm != null && benchmarkNorm);
        }
    }
}
