package org.donotanswer.bench.encoder;

import java.nio.file.Path;
import java.util.List;
import org.donotanswer.classifier.finetune.FineTuningOptions;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.encoder.ReadingWindows;

/**
 * The settings of all trainings of the encoder, each found on sources left out. Pure functions, hence thread-safe.
 *
 * <p>Embeddings are frozen, as their tables would be most of what the file of a model holds. One epoch suffices, as the mix
 * passes what is worth it more than once; without dropout it learns more in it. The training on all sources goes on with a
 * second mix at half the rate.
 */
public final class EncoderRecipe {
    /** How an exchange is read, in training and after. */
    public static final ReadingWindows WINDOWS = new ReadingWindows(128, 24, 24);

    /** The heads in the order of their outputs. */
    static final List<HeadKind> HEADS =
            List.of(HeadKind.HARMFUL, HeadKind.REFUSAL, HeadKind.ACTION, HeadKind.INSTRUCTION_RISK, HeadKind.HARM_TYPE);

    private static final int BATCH_SIZE = 32;
    private static final double LEARNING_RATE = 2e-4;
    private static final double CONTINUED_LEARNING_RATE = LEARNING_RATE / 2;
    private static final double WARM_UP = 0.06;
    private static final int TOKENS_PER_PASS = 4096;
    private static final int STEPS_PER_SAVE = 100;

    private EncoderRecipe() {}

    /**
     * Returns what is trained.
     *
     * @param base the directory of the pretrained encoder, or of the classifier whose training goes on
     */
    public static ClassifierSetup setup(Path base, int threads, long seed) {
        return ClassifierSetup.builder(base)
                .heads(HEADS)
                .maxTokens(WINDOWS.maxTokens())
                .windows(WINDOWS.maxWindows(), WINDOWS.overlap())
                .frozenEmbeddings()
                .dropout(0)
                .threads(threads)
                .seed(seed)
                .build();
    }

    /** Returns how it is trained. Harm is what counts most; the other heads weigh less, so that they do not pull it away. */
    public static FineTuningOptions options(long seed) {
        return options(LEARNING_RATE, seed);
    }

    /** Returns how the training on all sources goes on from its own result with another mix: at half the rate. */
    public static FineTuningOptions continuedOptions(long seed) {
        return options(CONTINUED_LEARNING_RATE, seed);
    }

    private static FineTuningOptions options(double learningRate, long seed) {
        return FineTuningOptions.builder()
                .epochs(1)
                .batchSize(BATCH_SIZE)
                .learningRate(learningRate)
                .warmUp(WARM_UP)
                .headWeight(HeadKind.ACTION, 0.7)
                .headWeight(HeadKind.REFUSAL, 0.7)
                .headWeight(HeadKind.INSTRUCTION_RISK, 0.4)
                .headWeight(HeadKind.HARM_TYPE, 0.3)
                .tokensPerPass(TOKENS_PER_PASS)
                .stepsPerSave(STEPS_PER_SAVE)
                .seed(seed)
                .build();
    }
}
