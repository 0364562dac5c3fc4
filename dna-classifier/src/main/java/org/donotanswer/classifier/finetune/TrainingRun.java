package org.donotanswer.classifier.finetune;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.classifier.transformer.TrainableClassifier.AdamW;

/** One training, from its start or a saved point to its end. Not thread-safe. */
final class TrainingRun {
    private static final int SHOWN_STEPS = 50;

    private final TrainableClassifier classifier;
    private final FineTuningOptions options;
    private final FineTuningListener listener;
    private final TokenizedExamples training;
    private final TokenizedExamples heldOut;
    private final TrainingState state;
    private final String fingerprint;

    private final int[] lengths;
    private final BatchPlan plan;
    private final TargetTable targets;
    private final AdamW optimizer;
    private final LearningRateSchedule schedule;
    private final int steps;

    private final List<EpochFigures> epochs = new ArrayList<>();
    private final Deque<Double> recentLosses = new ArrayDeque<>();
    private int step;
    private double epochLoss;
    private int bestEpoch;
    private String best = "";

    private long startNanos;
    private long tokensSinceStart;
    private int stepsSinceStart;

    TrainingRun(
            TrainableClassifier classifier,
            FineTuningOptions options,
            FineTuningListener listener,
            TokenizedExamples training,
            TokenizedExamples heldOut,
            TrainingState state,
            String fingerprint) {
        this.classifier = classifier;
        this.options = options;
        this.listener = listener;
        this.training = training;
        this.heldOut = heldOut;
        this.state = state;
        this.fingerprint = fingerprint;
        lengths = training.lengths();
        targets = TargetTable.of(training.examples(), classifier.heads(), options);
        plan = new BatchPlan(lengths, options.batchSize(), options.seed());
        steps = Math.multiplyExact(plan.batchesPerEpoch(), options.epochs());
        schedule = new LearningRateSchedule(options.learningRate(), (int) Math.round(options.warmUp() * steps), steps);
        optimizer =
                new AdamW(AdamW.DEFAULT.beta1(), AdamW.DEFAULT.beta2(), AdamW.DEFAULT.epsilon(), options.weightDecay());
    }

    TrainingState state() {
        return state;
    }

    /** Trains to the end, leaves the classifier with the weights of the best epoch, and returns the last point. */
    TrainingState.Point train() throws IOException, InterruptedException {
        Optional<TrainingState.Point> saved = state.read(fingerprint);
        if (saved.isPresent()) {
            resume(saved.get());
        }
        startNanos = System.nanoTime();
        int perEpoch = plan.batchesPerEpoch();
        while (step < steps && !isOutOfPatience()) {
            int epoch = step / perEpoch;
            List<List<Integer>> batches = plan.batches(epoch);
            while (step < (epoch + 1) * perEpoch) {
                take(batches.get(step % perEpoch), epoch);
            }
            endEpoch(epoch + 1);
        }
        TrainingState.Point end = point();
        if (bestEpoch != epochs.size()) {
            state.restoreBest(classifier, end);
        }
        return end;
    }

    private void resume(TrainingState.Point point) throws IOException {
        step = point.step();
        epochLoss = point.epochLoss();
        epochs.addAll(point.epochs());
        bestEpoch = point.bestEpoch();
        best = point.best();
        if (step > 0) {
            state.restore(classifier, point);
            listener.onRemark("resumed after step " + step + " of " + steps);
        }
    }

    private void take(List<Integer> batch, int epoch) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            save();
            throw new InterruptedException("training was interrupted after step " + step);
        }
        // Dropout depends on the step alone, so that a resumed training is the same.
        classifier.seed(options.seed() * 1_000_003 + step);
        double loss = 0;
        for (List<Integer> pass : BatchPlan.passes(batch, lengths, options.tokensPerPass())) {
            loss += classifier.addGradients(training.tokens(pass), targets.rows(pass, batch.size()));
        }
        double norm = classifier.gradientNorm();
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            save();
            throw new IOException((Double.isFinite(loss) ? "gradient norm" : "loss") + " must be finite, but was "
                    + (Double.isFinite(loss) ? norm : loss) + " at step " + (step + 1) + " (epoch " + (epoch + 1)
                    + ", batch " + (step % plan.batchesPerEpoch() + 1)
                    + "); the state before it is kept. A lower learning rate often helps");
        }
        double rate = schedule.rate(step);
        step++;
        classifier.update(optimizer, step, rate, Math.min(1, options.maxGradientNorm() / (norm + 1e-6)));
        epochLoss += loss;
        report(batch, epoch, loss, rate);
        if (step % options.stepsPerSave() == 0 && step % plan.batchesPerEpoch() != 0) {
            save();
        }
    }

    private void report(List<Integer> batch, int epoch, double loss, double rate) {
        recentLosses.addLast(loss);
        if (recentLosses.size() > SHOWN_STEPS) {
            recentLosses.removeFirst();
        }
        stepsSinceStart++;
        tokensSinceStart +=
                batch.stream().mapToLong(example -> lengths[example]).sum();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        listener.onStep(new FineTuningListener.Step(
                step,
                steps,
                epoch + 1,
                recentLosses.stream().mapToDouble(Double::doubleValue).average().orElse(0),
                rate,
                tokensSinceStart / seconds,
                Duration.ofMillis((long) (1_000 * seconds * (steps - step) / stepsSinceStart))));
    }

    private void endEpoch(int epoch) throws IOException {
        Map<HeadKind, EpochFigures.HeadFigures> figures = heldOut.size() == 0
                ? Map.of()
                : HeadScores.figures(HeadScores.rows(
                        heldOut.examples(), heldOut.logits(classifier, options.tokensPerPass()), classifier.heads()));
        EpochFigures ended = new EpochFigures(epoch, epochLoss / plan.batchesPerEpoch(), figures);
        requireFinite(ended);
        epochs.add(ended);
        epochLoss = 0;
        if (bestEpoch == 0 || !(ended.score() >= epochs.get(bestEpoch - 1).score())) {
            bestEpoch = epoch;
            uninterrupted(() -> best = state.saveBest(classifier, epoch));
        }
        save();
        listener.onEpoch(ended);
    }

    private void requireFinite(EpochFigures ended) throws IOException {
        if (heldOut.size() > 0 && !Double.isFinite(ended.score())) {
            throw new IOException("log loss of the examples held out must be finite, but was " + ended.score()
                    + " after step " + step + " (epoch " + ended.epoch() + "); the last saved state is kept");
        }
    }

    private boolean isOutOfPatience() {
        return options.patience().isPresent()
                && heldOut.size() > 0
                && epochs.size() - bestEpoch >= options.patience().getAsInt();
    }

    private void save() throws IOException {
        if (!Double.isFinite(classifier.weightNorm())) {
            throw new IOException("weights must be finite, but were not after step " + step
                    + "; the last saved state is kept. A lower learning rate often helps");
        }
        uninterrupted(() -> state.save(classifier, point()));
    }

    /** An interrupt closes the file that is being written. It is written again, and the interrupt acted on before the next step. */
    private static void uninterrupted(Writing writing) throws IOException {
        try {
            writing.write();
        } catch (ClosedByInterruptException e) {
            boolean interrupted = Thread.interrupted();
            writing.write();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Writing {
        void write() throws IOException;
    }

    private TrainingState.Point point() {
        return new TrainingState.Point(
                TrainingState.VERSION,
                fingerprint,
                step,
                epochLoss,
                epochs,
                bestEpoch,
                TrainingState.weightsFile(step),
                best);
    }
}
