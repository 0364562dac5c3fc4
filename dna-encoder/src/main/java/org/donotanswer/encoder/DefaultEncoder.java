package org.donotanswer.encoder;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.jspecify.annotations.Nullable;

/**
 * Opens the shipped encoder, or what the application wants instead where the encoder cannot run. That a weaker judge takes its
 * place must be the application's decision, which the system property {@value #FALLBACK} states. Thread-safe.
 */
final class DefaultEncoder {
    /** The system property; its only value is {@value #EMBEDDED}. */
    static final String FALLBACK = "donotanswer.encoder.fallback";

    static final String EMBEDDED = "embedded";

    private static final System.Logger LOGGER = System.getLogger(DefaultEncoder.class.getName());
    private static final AtomicBoolean SAID = new AtomicBoolean();

    private DefaultEncoder() {}

    /** Opens an encoder whose model has been read. */
    interface Opener {
        /**
         * Opens it.
         *
         * @throws IllegalStateException if it cannot run on this platform
         */
        SafetyEvaluator open() throws IOException;
    }

    /**
     * Returns the evaluator of the shipped model; where it cannot run, that of the embedded model if the system property says
     * so.
     *
     * @throws IllegalStateException if the base encoder's artifact is not on the class path, a native library is missing and
     *     the system property is not set, or it has another value
     * @throws IOException if a model cannot be read
     */
    static SafetyEvaluator open() throws IOException {
        String fallback = System.getProperty(FALLBACK);
        EncoderModel model = EncoderModel.shipped();
        return open(() -> EncoderEvaluator.of(model), fallback, SAID);
    }

    /**
     * Returns what the opener opens, or the fallback.
     *
     * @param said whether it was said before that the fallback is in use
     */
    static SafetyEvaluator open(Opener opener, @Nullable String fallback, AtomicBoolean said) throws IOException {
        if (!Optional.ofNullable(fallback).orElse(EMBEDDED).equals(EMBEDDED)) {
            throw new IllegalStateException(
                    "system property " + FALLBACK + " must be " + EMBEDDED + ", but was '" + fallback + "'");
        }
        try {
            return opener.open();
        } catch (IllegalStateException e) {
            if (fallback == null) {
                throw e;
            }
            SafetyEvaluator embedded = EmbeddedEvaluator.of(EmbeddedModel.shipped());
            if (said.compareAndSet(false, true)) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "encoder cannot run here, so that {0} evaluates alone, as the system property {1} says: {2}",
                        embedded.name(),
                        FALLBACK,
                        e.getMessage());
            }
            return embedded;
        }
    }
}
