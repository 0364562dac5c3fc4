package org.donotanswer.classifier.transformer;

import org.donotanswer.classifier.weights.CheckpointException;

/**
 * Which share of the values of a forward pass is replaced by zeros at random in training, the rest being scaled up to
 * keep the mean: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR 15, 2014.
 * All rates are in [0, 1), and 0 keeps everything. An architecture applies them where its reference implementation
 * does, and ignores those that it has no use for. Immutable, hence thread-safe.
 *
 * @param embeddings of the embeddings
 * @param hidden of the results of linear maps before they are added to their input; DeBERTa also applies it to the
 *     embeddings of relative positions
 * @param attention of the probabilities with which a token attends to others; ModernBERT also applies it to the
 *     result of the linear map that follows
 * @param inner of the values inside ModernBERT's feed-forward networks
 * @param pooler of the input of DeBERTa's pooler
 * @param classifier of the inputs of the linear maps of the head
 */
record Dropout(double embeddings, double hidden, double attention, double inner, double pooler, double classifier) {
    /** Keeps all values, as everywhere but in training. */
    static final Dropout NONE = uniform(0);

    private static final String HIDDEN = "hidden_dropout_prob";
    private static final String ATTENTION = "attention_probs_dropout_prob";
    private static final double DEFAULT = 0.1;

    Dropout {
        requireRate("embeddings", embeddings);
        requireRate("hidden", hidden);
        requireRate("attention", attention);
        requireRate("inner", inner);
        requireRate("pooler", pooler);
        requireRate("classifier", classifier);
    }

    private static void requireRate(String name, double rate) {
        if (!isRate(rate)) {
            throw new IllegalArgumentException("dropout of " + name + " must be in [0, 1), but was " + rate);
        }
    }

    /** Returns whether a number is a rate. */
    static boolean isRate(double rate) {
        return rate >= 0 && rate < 1;
    }

    /** Returns the same rate everywhere. */
    static Dropout uniform(double rate) {
        return new Dropout(rate, rate, rate, rate, rate, rate);
    }

    /** Returns these rates with another one for attention; without it, attention takes less memory. */
    Dropout withAttention(double rate) {
        return new Dropout(embeddings, hidden, rate, inner, pooler, classifier);
    }

    /** Returns whether nothing is replaced. */
    boolean isNone() {
        return equals(NONE);
    }

    /**
     * Returns the rates of a configuration, or the reference's defaults for its model type where it has none.
     *
     * @throws CheckpointException if the model type is not supported, or a rate is not a number in [0, 1)
     */
    static Dropout of(CheckpointConfig config) throws CheckpointException {
        String type = config.text("model_type");
        return switch (type) {
            case "albert" -> bertLike(config, 0, config.rate("classifier_dropout_prob", DEFAULT));
            case "bert", "camembert", "data2vec-text", "electra", "roberta", "xlm-roberta" ->
                bertLike(config, DEFAULT, config.rate("classifier_dropout", config.rate(HIDDEN, DEFAULT)));
            case "longformer", "mpnet" -> bertLike(config, DEFAULT, config.rate(HIDDEN, DEFAULT));
            case "deberta-v2" -> debertaV2(config);
            case "distilbert" -> distilBert(config);
            case "modernbert" -> modernBert(config);
            default -> throw config.invalid("model_type", "must be " + Architecture.MODEL_TYPES, type);
        };
    }

    private static Dropout bertLike(CheckpointConfig config, double defaultRate, double classifier)
            throws CheckpointException {
        double hidden = config.rate(HIDDEN, defaultRate);
        return new Dropout(hidden, hidden, config.rate(ATTENTION, defaultRate), 0, 0, classifier);
    }

    private static Dropout debertaV2(CheckpointConfig config) throws CheckpointException {
        double hidden = config.rate(HIDDEN, DEFAULT);
        return new Dropout(
                hidden,
                hidden,
                config.rate(ATTENTION, DEFAULT),
                0,
                config.rate("pooler_dropout", 0),
                config.rate("cls_dropout", hidden));
    }

    private static Dropout distilBert(CheckpointConfig config) throws CheckpointException {
        double hidden = config.rate("dropout", DEFAULT);
        return new Dropout(
                hidden,
                hidden,
                config.rate("attention_dropout", DEFAULT),
                0,
                0,
                config.rate("seq_classif_dropout", 0.2));
    }

    private static Dropout modernBert(CheckpointConfig config) throws CheckpointException {
        return new Dropout(
                config.rate("embedding_dropout", 0),
                0,
                config.rate("attention_dropout", 0),
                config.rate("mlp_dropout", 0),
                0,
                config.rate("classifier_dropout", 0));
    }
}
