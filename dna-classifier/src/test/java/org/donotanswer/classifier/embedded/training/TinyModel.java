package org.donotanswer.classifier.embedded.training;

import org.donotanswer.classifier.embedded.EmbeddedModel;

/** A model trained once on {@link TinyData} for all tests. */
public final class TinyModel {
    private static final EmbeddedModel MODEL = EmbeddedTrainer.builder().build().train(TinyData.examples());

    private TinyModel() {}

    /** Returns the model. */
    public static EmbeddedModel get() {
        return MODEL;
    }
}
