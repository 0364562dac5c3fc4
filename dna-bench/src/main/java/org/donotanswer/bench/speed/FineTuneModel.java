package org.donotanswer.bench.speed;

/** A classifier whose fine-tuning is measured: a BERT with random weights. */
public enum FineTuneModel {
    /** Of the size of MiniLM-L6: six layers of 384. */
    MINILM("minilm"),
    /** Of the size of BERT base: twelve layers of 768. */
    BASE("base");

    private final String label;

    FineTuneModel(String label) {
        this.label = label;
    }

    /** Returns the name in reports. */
    String label() {
        return label;
    }
}
