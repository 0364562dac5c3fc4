package org.donotanswer.classifier.finetune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A training in a process of its own, which saves its state after every step, says so, and waits for its end after the last
 * step but one.
 */
final class KilledTraining {
    private KilledTraining() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        FineTuningOptions options = FineTuningOptions.builder()
                .epochs(TinyTraining.EPOCHS)
                .batchSize(TinyTraining.EXAMPLES / TinyTraining.STEPS_PER_EPOCH)
                .learningRate(0.01)
                .tokensPerPass(60)
                .stepsPerSave(1)
                .build();
        TinyTraining.train(
                TinyTraining.setup(Path.of(args[0])).build(),
                options,
                TinyTraining.onStep(step -> {
                    System.out.println("step " + step);
                    if (step == TinyTraining.STEPS - 1) {
                        waitForInput();
                    }
                }),
                Path.of(args[1]));
    }

    private static void waitForInput() {
        try {
            if (System.in.read() < 0) {
                throw new IllegalStateException("process must be killed, but was not");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
