package org.donotanswer.encoder;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.transformer.ExchangeTokenizer;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates exchanges with an {@link EncoderModel} and the embedded model together, on the processor: the encoder reads a
 * response in windows of tokens, each with the instruction, and a {@link SecondStage} weighs what it says of them against
 * what the embedded model says. A window takes some milliseconds.
 *
 * <p>What the embedded model leaves unscored stays unscored for the same reason: a blank response, one without words, and one
 * that is clearly not in English, unless {@link Builder#checkLanguage} is off. Without an instruction, there is neither risk
 * nor harm type. Of a response with more windows than {@link Builder#maxWindows}, the first three quarters of them and the last
 * quarter are read, and the assessment is marked as truncated. An instruction that takes more than half of a window beside a
 * longer response is cut there, but not for the embedded model, so that it alone does not make an assessment truncated. The
 * harm type assumes a risky instruction: ignore it where the instruction risk is low.
 *
 * <p>Thread-safe. Each call computes on its own thread, so that several calls use several processors. {@link #close} waits for
 * the calls in progress, as the native memory that they use must outlive them; calls that come later throw an
 * IllegalStateException.
 */
public final class EncoderEvaluator implements SafetyEvaluator {
    private final EncoderScorer scorer;
    private final Provenance provenance;

    /** Calls hold the lock for reading, so that nothing is released while one is in progress. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private volatile boolean closed;

    /** Guarded by the lock for writing. */
    private boolean released;

    EncoderEvaluator(EncoderScorer scorer, Provenance provenance) {
        this.scorer = scorer;
        this.provenance = provenance;
    }

    /**
     * Returns an evaluator of a model with the default options.
     *
     * @throws IllegalStateException if a native library is missing; its message says which
     * @throws IOException if a model cannot be read
     */
    public static EncoderEvaluator of(EncoderModel model) throws IOException {
        return builder().model(model).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        Objects.requireNonNull(exchange, "exchange");
        return whileOpen(() -> scorer.score(exchange));
    }

    /**
     * Returns the risk of an instruction and the type of harm that it invites. The encoder reads its beginning, as much as fits
     * into one window, and the embedded model more. The assessment is unscored for the same reasons as that of {@link
     * EmbeddedEvaluator#evaluateInstruction}, or for {@link UnscoredReason#NOT_SUPPORTED} if the model has no such head.
     */
    @Override
    public Assessment evaluateInstruction(String instruction) {
        Objects.requireNonNull(instruction, "instruction");
        return whileOpen(() -> scorer.scoreInstruction(instruction));
    }

    /**
     * Returns the assessments in order, computed one after the other on the calling thread. If this evaluator is closed
     * meanwhile, the next exchange is an IllegalStateException.
     */
    @Override
    public List<Assessment> evaluateAll(List<Exchange> exchanges) {
        requireOpen();
        Objects.requireNonNull(exchanges, "exchanges")
                .forEach(exchange -> Objects.requireNonNull(exchange, "exchange"));
        return SafetyEvaluator.super.evaluateAll(exchanges);
    }

    /** Returns false: a long response takes hundreds of milliseconds, which a thread that must not block cannot spend. */
    @Override
    public boolean isNonBlocking() {
        return false;
    }

    @Override
    public String name() {
        return scorer.name();
    }

    /**
     * Returns the provenance of the model, and with it the base encoder's artifact and checksum, the embedded model, and how
     * exchanges are read.
     */
    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Releases models and tokenizer, after waiting for the calls in progress. Further calls have no effect. */
    @Override
    public void close() {
        closed = true;
        lock.writeLock().lock();
        try {
            if (!released) {
                released = true;
                scorer.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Returns what a call returns, during which nothing is released. */
    private Assessment whileOpen(Supplier<Assessment> call) {
        // Does not wait, unlike lock, if close waits: only a close in progress makes it fail.
        if (!lock.readLock().tryLock()) {
            throw closed();
        }
        try {
            requireOpen();
            return call.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw closed();
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("EncoderEvaluator is closed");
    }

    /** Builds an evaluator. Each option can be set once. Not thread-safe. */
    public static final class Builder {
        private static final int MAX_WINDOWS = 1_000;

        private @Nullable EncoderModel model;
        private @Nullable EmbeddedModel embedded;
        private @Nullable Integer maxWindows;
        private @Nullable Boolean checkLanguage;
        private @Nullable Boolean benchmarkNorm;

        private Builder() {}

        /**
         * Sets the model. Required.
         *
         * @throws IllegalStateException if a model was set before
         */
        public Builder model(EncoderModel value) {
            model = BuilderChecks.setOnce("model", model, value);
            return this;
        }

        /**
         * Sets the embedded model. The default is the one shipped with the library, with which the second stage of the shipped
         * encoder model was fitted.
         *
         * @throws IllegalStateException if a model was set before
         */
        public Builder embedded(EmbeddedModel value) {
            embedded = BuilderChecks.setOnce("embedded", embedded, value);
            return this;
        }

        /**
         * Sets the maximum number of windows of a response that are read. The default is that of the model. Fewer bound the
         * time that a long response takes.
         *
         * @throws IllegalArgumentException if it is not in 1..1000
         * @throws IllegalStateException if it was set before
         */
        public Builder maxWindows(int value) {
            if (value < 1 || value > MAX_WINDOWS) {
                throw new IllegalArgumentException("maxWindows must be in 1.." + MAX_WINDOWS + ", but was " + value);
            }
            maxWindows = BuilderChecks.setOnce("maxWindows", maxWindows, value);
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
         * mild harm harmful and whose instructions are all risky. The default is false. Use the benchmark's norm to score LLMs
         * on the benchmark, not in a guardrail.
         *
         * @throws IllegalStateException if the option was set before
         * @see EmbeddedEvaluator.Builder#benchmarkNorm
         */
        public Builder benchmarkNorm(boolean value) {
            benchmarkNorm = BuilderChecks.setOnce("benchmarkNorm", benchmarkNorm, value);
            return this;
        }

        /**
         * Loads the tokenizer and the weights and returns the evaluator.
         *
         * @throws IllegalStateException if no model was set, or a native library is missing; its message says which
         * @throws ModelFormatException if the second stage does not suit the heads of the model
         * @throws IOException if a model cannot be read
         */
        public EncoderEvaluator build() throws IOException {
            return build(ModelTensors::open);
        }

        EncoderEvaluator build(Engine engine) throws IOException {
            EncoderModel encoder = BuilderChecks.requireSet("model", model);
            EmbeddedModel second = embedded == null ? EmbeddedModel.shipped() : embedded;
            boolean check = checkLanguage == null || checkLanguage;
            boolean isBenchmark = benchmarkNorm != null && benchmarkNorm;
            ReadingWindows windows = maxWindows == null
                    ? encoder.windows()
                    : new ReadingWindows(
                            encoder.windows().maxTokens(), encoder.windows().overlap(), maxWindows);
            EmbeddedEvaluator judge = EmbeddedEvaluator.builder()
                    .model(second)
                    .checkLanguage(check)
                    .benchmarkNorm(isBenchmark)
                    .build();
            SecondStage stage = isBenchmark ? encoder.benchmarkStage() : encoder.secondStage();
            Provenance made = new EncoderProvenance(
                            encoder.base().coordinates(), encoder.baseSha256(), second, windows, check, isBenchmark)
                    .addedTo(encoder.provenance());
            return new EncoderEvaluator(scorer(encoder, judge, windows, stage, engine), made);
        }

        private static EncoderScorer scorer(
                EncoderModel encoder, EmbeddedEvaluator judge, ReadingWindows windows, SecondStage stage, Engine engine)
                throws IOException {
            ExchangeTokenizer tokenizer =
                    encoder.base().tokenizer(windows.maxTokens(), windows.overlap(), windows.maxWindows());
            @Nullable ForwardPass forwardPass = null;
            boolean complete = false;
            try {
                forwardPass = engine.open(encoder);
                // The scorer checks the one that it is given.
                encoder.benchmarkStage().requireHeads(encoder.heads());
                EncoderScorer scorer = new EncoderScorer(
                        encoder.provenance().name() + " " + encoder.provenance().version(),
                        judge,
                        tokenizer,
                        forwardPass,
                        encoder.heads(),
                        encoder.temperatures(),
                        stage);
                complete = true;
                return scorer;
            } catch (IllegalArgumentException e) {
                throw new ModelFormatException(String.valueOf(e.getMessage()), e);
            } finally {
                if (!complete) {
                    close(tokenizer, forwardPass);
                }
            }
        }

        private static void close(ExchangeTokenizer tokenizer, @Nullable ForwardPass forwardPass) {
            try (tokenizer) {
                if (forwardPass != null) {
                    forwardPass.close();
                }
            }
        }
    }

    /** Opens forward passes. */
    interface Engine {
        /**
         * Returns the forward pass of a model.
         *
         * @throws IllegalStateException if the native library is missing; its message says which
         * @throws IOException if the weights cannot be read
         */
        ForwardPass open(EncoderModel model) throws IOException;
    }
}
