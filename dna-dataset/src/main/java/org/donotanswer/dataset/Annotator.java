package org.donotanswer.dataset;

/** Who reviewed the published responses. The constants are immutable, hence thread-safe. */
public enum Annotator {
    /** People; the labels that the others are measured against. */
    HUMAN("Human", "Human", ""),
    /** GPT-4 as a zero-shot judge, which also left its reasons. */
    GPT4("GPT4", "GPT-4", ""),
    /** Longformer classifiers that saw instruction and response. */
    LONGFORMER("Longformer", "Longformer", ""),
    /** Longformer classifiers that saw the response only. */
    LONGFORMER_RESPONSE_ONLY("Longformer", "Longformer, response only", Llm.RESPONSE_ONLY_SUFFIX),
    /** BERT classifiers that saw instruction and response. */
    BERT("BERT", "BERT", "");

    private final String directory;
    private final String label;
    private final String suffix;

    Annotator(String directory, String label, String suffix) {
        this.directory = directory;
        this.label = label;
        this.suffix = suffix;
    }

    /** Returns a name for tables. */
    public String label() {
        return label;
    }

    /** The directory under {@code Review} that holds this annotator's files. */
    String directory() {
        return directory;
    }

    /** What follows the model's name in the names of this annotator's files. */
    String suffix() {
        return suffix;
    }
}
