package org.donotanswer.bench.speed;

import java.nio.file.Path;
import java.util.List;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.Precision;

/** What is trained of a classifier, and with how much dropout. */
public enum FineTuneVariant {
    /** All weights, with the dropout of the reference: what the acceptance figure is measured on. */
    ALL("all weights", FineTuneVariant.DROPOUT),
    /** All weights, without dropout. */
    NO_DROPOUT("all weights", 0),
    /** All weights but the embeddings. */
    FROZEN_EMBEDDINGS("embeddings frozen", FineTuneVariant.DROPOUT),
    /** Low-rank changes of all matrices of the encoder, of rank 8. */
    LORA("LoRA rank 8", FineTuneVariant.DROPOUT);

    private static final double DROPOUT = 0.1;
    private static final int RANK = 8;
    private static final double ALPHA = 16;

    private final String trained;
    private final double dropout;

    FineTuneVariant(String trained, double dropout) {
        this.trained = trained;
        this.dropout = dropout;
    }

    /** Returns what is trained, as in reports. */
    String trained() {
        return trained;
    }

    /** Returns the rate of all dropout. */
    double dropout() {
        return dropout;
    }

    ClassifierSetup setup(Path base, Precision precision, long seed) {
        ClassifierSetup.Builder builder = ClassifierSetup.builder(base)
                .dropout(dropout)
                .precision(precision)
                .seed(seed);
        if (this == FROZEN_EMBEDDINGS) {
            builder.frozenEmbeddings();
        } else if (this == LORA) {
            builder.lowRank(new ClassifierSetup.LowRank(RANK, ALPHA, List.of()));
        }
        return builder.build();
    }
}
