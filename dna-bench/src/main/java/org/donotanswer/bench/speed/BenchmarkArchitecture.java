package org.donotanswer.bench.speed;

/** The architectures of checkpoints, by the names that Hugging Face has for them. */
public enum BenchmarkArchitecture {
    /** Token types, and a pooler before the classifier. */
    BERT("bert", "BertForSequenceClassification", "bert"),
    /** Positions start at 2; the classifier has a layer of its own. */
    ROBERTA("roberta", "RobertaForSequenceClassification", "roberta"),
    /** Half the layers, no token types. */
    DISTILBERT("distilbert", "DistilBertForSequenceClassification", "distilbert"),
    /** RoBERTa whose tokens attend to a window, and some to all. */
    LONGFORMER("longformer", "LongformerForSequenceClassification", "longformer"),
    /** Attention to relative positions, in the form of version 3. */
    DEBERTA_V2("deberta-v2", "DebertaV2ForSequenceClassification", "deberta");

    private final String modelType;
    private final String className;
    private final String prefix;

    BenchmarkArchitecture(String modelType, String className, String prefix) {
        this.modelType = modelType;
        this.className = className;
        this.prefix = prefix;
    }

    /** Returns what {@code config.json} calls it. */
    public String modelType() {
        return modelType;
    }

    /** The class that {@code config.json} names in {@code architectures}. */
    String className() {
        return className;
    }

    /** With what the names of the encoder's tensors begin. */
    String prefix() {
        return prefix;
    }
}
