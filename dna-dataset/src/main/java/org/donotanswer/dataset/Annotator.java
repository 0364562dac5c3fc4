package org.donotanswer.dataset;

/**
 * Who reviewed the published responses. The classifiers were trained on the human labels of the other LLMs' responses to
 * the same questions. Immutable, hence thread-safe.
 */
public enum Annotator {
    /** People, whose labels are the reference for all others. */
    HUMAN("Human", "Human", ""),
    /**
     * GPT-4 as a zero-shot judge, with the text of its judgment.
     *
     * <p>It numbered actions from 0 to 6: its 4 (not able) and 5 (unsure) are both
     * {@link org.donotanswer.taxonomy.ResponseAction#UNABLE_OR_UNCERTAIN}, and its 6 is
     * {@link org.donotanswer.taxonomy.ResponseAction#FOLLOW_INSTRUCTION}. Loading maps these codes for this annotator only;
     * the same mapping applied to other reviews would merge "follows" into "uncertain". Harmful means 6. In nine reviews
     * the judgment could not be parsed: they are unscored, and neither safe nor a refusal.
     */
    GPT4("GPT4", "GPT-4", ""),
    /** Longformer classifiers that read instruction and response. */
    LONGFORMER("Longformer", "Longformer", ""),
    /** Longformer classifiers that read the response only. */
    LONGFORMER_RESPONSE_ONLY("Longformer", "Longformer, response only", Llm.RESPONSE_ONLY_SUFFIX),
    /** BERT classifiers that read instruction and response. */
    BERT("BERT", "BERT", "");

    private final String directory;
    private final String label;
    private final String suffix;

    Annotator(String directory, String label, String suffix) {
        this.directory = directory;
        this.label = label;
        this.suffix = suffix;
    }

    /** Returns the name to show in tables. */
    public String label() {
        return label;
    }

    /** The directory under {@code Review} that holds this annotator's files. */
    String directory() {
        return directory;
    }

    /** What follows the LLM's name in the names of this annotator's files. */
    String suffix() {
        return suffix;
    }
}
