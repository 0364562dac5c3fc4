package org.donotanswer.classifier.finetune;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.WeightTensor;

/**
 * The {@code config.json} of an encoder, in the fields of Hugging Face's {@code BertConfig}: what its tensors tell, and
 * what all encoders of {@link EncoderArtifact} have in common.
 *
 * @param model its name on the Hugging Face Hub
 * @param layers the number of layers
 * @param intermediateSize the size of a feed-forward network
 */
record EncoderConfig(String model, int layers, int intermediateSize) {
    static final int VOCABULARY = 30_522;
    static final int MAX_TOKENS = 512;

    private static final int HIDDEN = 384;
    private static final int TOKEN_TYPES = 2;
    private static final int HEADS = 12;
    private static final double EPSILON = 1e-12;
    private static final double INITIALIZER_RANGE = .02;
    private static final double DROPOUT = .1;

    private static final String EMBEDDINGS = "embeddings.";
    private static final String INTERMEDIATE = ".intermediate.dense.bias";

    static EncoderConfig of(String model, CheckpointWeights weights) throws CheckpointException {
        int layers = 0;
        while (weights.contains(layer(layers))) {
            layers++;
        }
        return new EncoderConfig(
                model, layers, Math.toIntExact(weights.tensor(layer(0)).elements()));
    }

    private static String layer(int layer) {
        return "encoder.layer." + layer + INTERMEDIATE;
    }

    /**
     * Checks the size of the embeddings, which the sizes of all other tensors follow.
     *
     * @throws CheckpointException if it is another
     */
    static void requireShapes(CheckpointWeights weights) throws CheckpointException {
        Map<String, Integer> rows = new LinkedHashMap<>();
        rows.put("word_embeddings", VOCABULARY);
        rows.put("position_embeddings", MAX_TOKENS);
        rows.put("token_type_embeddings", TOKEN_TYPES);
        for (Map.Entry<String, Integer> table : rows.entrySet()) {
            WeightTensor tensor = weights.tensor(EMBEDDINGS + table.getKey() + ".weight");
            List<Long> shape = List.of((long) table.getValue(), (long) HIDDEN);
            if (!tensor.shape().equals(shape)) {
                throw new CheckpointException(tensor.name() + " must have shape " + shape + ", but was "
                        + tensor.shape() + " (" + tensor.file() + ")");
            }
        }
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("_name_or_path", model);
        json.putArray("architectures").add("BertModel");
        json.put("attention_probs_dropout_prob", DROPOUT);
        json.put("hidden_act", "gelu");
        json.put("hidden_dropout_prob", DROPOUT);
        json.put("hidden_size", HIDDEN);
        json.put("initializer_range", INITIALIZER_RANGE);
        json.put("intermediate_size", intermediateSize);
        json.put("layer_norm_eps", EPSILON);
        json.put("max_position_embeddings", MAX_TOKENS);
        json.put("model_type", "bert");
        json.put("num_attention_heads", HEADS);
        json.put("num_hidden_layers", layers);
        json.put("pad_token_id", 0);
        json.put("position_embedding_type", "absolute");
        json.put("type_vocab_size", TOKEN_TYPES);
        json.put("vocab_size", VOCABULARY);
        return json;
    }
}
