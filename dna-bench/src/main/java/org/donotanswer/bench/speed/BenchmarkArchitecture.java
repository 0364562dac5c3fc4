package org.donotanswer.bench.speed;

/** An architecture of checkpoints to measure, with the names that Hugging Face gives it. */
public enum BenchmarkArchitecture {
    /** Has token types, and a pooler before the classifier. */
    BERT("bert", "BertForSequenceClassification", "bert", "bert-uncased"),
    /** Numbers positions from 2; the classifier has a hidden layer. */
    ROBERTA("roberta", "RobertaForSequenceClassification", "roberta", "roberta-bpe"),
    /** Has half of BERT's layers and no token types. */
    DISTILBERT("distilbert", "DistilBertForSequenceClassification", "distilbert", "bert-uncased"),
    /** RoBERTa with attention to a window, and of some tokens to all. */
    LONGFORMER("longformer", "LongformerForSequenceClassification", "longformer", "roberta-bpe"),
    /** Attends to relative positions, as in version 3. Measured with BERT's tokenizer. */
    DEBERTA_V2("deberta-v2", "DebertaV2ForSequenceClassification", "deberta", "bert-uncased");

    private final String modelType;
    private final String className;
    private final String prefix;
    private final String tokenizer;

    BenchmarkArchitecture(String modelType, String className, String prefix, String tokenizer) {
        this.modelType = modelType;
        this.className = className;
        this.prefix = prefix;
        this.tokenizer = tokenizer;
    }

    /** Returns the {@code model_type} of {@code config.json}. */
    public String modelType() {
        return modelType;
    }

    /** Returns the class that {@code config.json} names in {@code architectures}. */
    String className() {
        return className;
    }

    /** Returns the prefix of the names of the encoder's tensors. */
    String prefix() {
        return prefix;
    }

    /** Returns the name of the tokenizer that exchanges are measured with. */
    String tokenizer() {
        return tokenizer;
    }
}
