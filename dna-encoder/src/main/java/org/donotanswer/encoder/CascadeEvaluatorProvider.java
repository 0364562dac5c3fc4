package org.donotanswer.encoder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.Cascade;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * Provides a cascade for guards: the embedded model, in microseconds, and the encoder for what the embedded model is not sure
 * of. Where the encoder cannot run, the same holds as for {@link EncoderEvaluatorProvider}. Stateless, hence thread-safe.
 */
public final class CascadeEvaluatorProvider implements EvaluatorProvider {
    /**
     * The probability of harm by the embedded model below which the encoder is not asked. Both ends of the band were chosen on
     * exchanges that no judge was trained on, the regression set and questions held out, as the narrowest at which the cascade
     * keeps 99 % of the encoder's F1: with it, the encoder is asked about 36 % of the former, which are hard on purpose, 26 % of
     * the latter, and 11 % of everyday exchanges.
     */
    public static final double LOW = 0.15;

    /** The probability of harm by the embedded model above which the encoder is not asked; chosen as {@link #LOW} is. */
    public static final double HIGH = 0.97;

    /** Below the embedded model's: where time does not count, the encoder reads everything. */
    private static final int PRIORITY = -10;

    private static final int GUARD_PRIORITY = 20;

    /** Creates the provider; for {@link java.util.ServiceLoader}. */
    public CascadeEvaluatorProvider() {}

    @Override
    public String name() {
        return "cascade";
    }

    /** Returns -10: only guards take the cascade unless it is asked for by its name. */
    @Override
    public int priority() {
        return PRIORITY;
    }

    /** Returns 20: guards prefer the cascade, which takes the encoder's time for few exchanges. */
    @Override
    public int guardPriority() {
        return GUARD_PRIORITY;
    }

    @Override
    public Optional<SafetyEvaluator> createDefault() throws IOException {
        SafetyEvaluator encoder = DefaultEncoder.open();
        if (!(encoder instanceof EncoderEvaluator)) {
            return Optional.of(encoder); // The embedded model in its place needs no stage before it.
        }
        return Optional.of(Cascade.builder()
                .stage(EmbeddedEvaluator.of(EmbeddedModel.shipped()), LOW, HIGH)
                .last(encoder)
                .build());
    }

    /** Returns false: a cascade has no file of its own. */
    @Override
    public boolean supports(Path model) {
        return false;
    }

    @Override
    public SafetyEvaluator load(Path model) throws IOException {
        throw new ModelFormatException("model must be that of another provider than the cascade's, but was " + model);
    }
}
