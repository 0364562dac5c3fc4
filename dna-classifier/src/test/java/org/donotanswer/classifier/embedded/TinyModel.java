package org.donotanswer.classifier.embedded;

/** A model trained on {@link TinyData}, once for all tests. */
final class TinyModel {
    private static final EmbeddedModel MODEL = EmbeddedTrainer.builder().build().train(TinyData.examples());

    private TinyModel() {}

    static EmbeddedModel get() {
        return MODEL;
    }
}
