package org.donotanswer.classifier.embedded;

import java.util.List;
import java.util.Objects;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.jspecify.annotations.Nullable;

/**
 * Judges exchanges with an {@link EmbeddedModel}: in pure Java, in microseconds, with all the heads that the model has.
 *
 * <p>What does not change the meaning of a text does not change its assessment: letter case, Unicode form, accents, curly
 * quotes, white space, invisible characters, emoji and Markdown. Of a text of more than 16,000 chars the first 12,000 and
 * the last 4,000 are read, and the assessment says that it is truncated. A response that is clearly not in English is
 * unscored, unless {@link Builder#checkLanguage} is off; one without words, such as emoji alone, always is. The harm type is that of a risky instruction: it means nothing
 * where the instruction's risk is low.
 *
 * <p>Thread-safe and lock-free; a call costs the same on a new thread, virtual or not, as on a pooled one. The evaluator
 * keeps working memory of about 440 KB for each processor until it is closed.
 */
public final class EmbeddedEvaluator implements SafetyEvaluator {
    private final EmbeddedModel model;
    private final String name;
    private final ScorerPool scorers;
    private volatile boolean closed;

    private EmbeddedEvaluator(EmbeddedModel model, boolean checkLanguage) {
        this.model = model;
        name = model.provenance().name() + " " + model.provenance().version();
        scorers = new ScorerPool(
                () -> new Scorer(model.parameters(), name, checkLanguage),
                Runtime.getRuntime().availableProcessors());
    }

    /** Returns an evaluator with a model and the default options. */
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
     * Returns how risky an instruction is, and which harm it invites: the same as beside any response that is scored. One
     * without words, or clearly not in English, is {@link UnscoredReason#UNSUPPORTED_LANGUAGE}; a blank one
     * {@link UnscoredReason#INVALID_INPUT}; any, if the model does not judge the risk of instructions, {@link
     * UnscoredReason#NOT_SUPPORTED}.
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

    /** Builds an evaluator. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable EmbeddedModel model;
        private @Nullable Boolean checkLanguage;

        private Builder() {}

        /** Sets the model. Required. */
        public Builder model(EmbeddedModel value) {
            if (model != null) {
                throw new IllegalStateException("model must be set once, but was "
                        + model.provenance().version() + " and then "
                        + value.provenance().version());
            }
            model = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets whether a response that is clearly not in English is unscored; true if not set. */
        public Builder checkLanguage(boolean value) {
            if (checkLanguage != null) {
                throw new IllegalStateException(
                        "checkLanguage must be set once, but was " + checkLanguage + " and then " + value);
            }
            checkLanguage = value;
            return this;
        }

        /**
         * Returns the evaluator.
         *
         * @throws IllegalStateException if no model was set
         */
        public EmbeddedEvaluator build() {
            if (model == null) {
                throw new IllegalStateException("model must be set, but was not");
            }
            return new EmbeddedEvaluator(model, checkLanguage == null || checkLanguage);
        }
    }
}
