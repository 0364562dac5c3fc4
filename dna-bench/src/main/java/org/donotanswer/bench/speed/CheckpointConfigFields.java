package org.donotanswer.bench.speed;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the fields of {@code config.json}, with Hugging Face's names and its values for the base checkpoint. */
final class CheckpointConfigFields {
    private static final double DROPOUT = 0.1;

    private CheckpointConfigFields() {}

    static Map<String, Object> of(BenchmarkArchitecture architecture, CheckpointDimensions dimensions) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("architectures", List.of(architecture.className()));
        fields.put("model_type", architecture.modelType());
        Map<String, String> labels = new LinkedHashMap<>();
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int i = 0; i < dimensions.labels().size(); i++) {
            labels.put(Integer.toString(i), dimensions.labels().get(i));
            ids.put(dimensions.labels().get(i), i);
        }
        fields.put("id2label", labels);
        fields.put("label2id", ids);
        fields.put("torch_dtype", "float32");
        fields.put("vocab_size", dimensions.vocabulary());
        fields.put("max_position_embeddings", dimensions.positions());
        fields.put("initializer_range", RandomTensor.DEVIATION);
        if (architecture == BenchmarkArchitecture.DISTILBERT) {
            addDistilBert(fields, dimensions);
        } else {
            addCommon(fields, dimensions);
        }
        addSpecific(fields, architecture, dimensions);
        return fields;
    }

    private static void addDistilBert(Map<String, Object> fields, CheckpointDimensions dimensions) {
        fields.put("dim", dimensions.hidden());
        fields.put("n_layers", dimensions.layers());
        fields.put("n_heads", dimensions.heads());
        fields.put("hidden_dim", dimensions.intermediate());
        fields.put("activation", "gelu");
        fields.put("sinusoidal_pos_embds", false);
        fields.put("dropout", DROPOUT);
        fields.put("attention_dropout", DROPOUT);
        fields.put("qa_dropout", DROPOUT);
        fields.put("seq_classif_dropout", 2 * DROPOUT);
        fields.put("pad_token_id", 0);
    }

    private static void addCommon(Map<String, Object> fields, CheckpointDimensions dimensions) {
        fields.put("hidden_size", dimensions.hidden());
        fields.put("num_hidden_layers", dimensions.layers());
        fields.put("num_attention_heads", dimensions.heads());
        fields.put("intermediate_size", dimensions.intermediate());
        fields.put("hidden_act", "gelu");
        fields.put("hidden_dropout_prob", DROPOUT);
        fields.put("attention_probs_dropout_prob", DROPOUT);
        fields.put("type_vocab_size", dimensions.typeVocabulary());
    }

    private static void addSpecific(
            Map<String, Object> fields, BenchmarkArchitecture architecture, CheckpointDimensions dimensions) {
        switch (architecture) {
            case BERT -> {
                fields.put("layer_norm_eps", 1e-12);
                fields.put("pad_token_id", 0);
                fields.put("position_embedding_type", "absolute");
            }
            case ROBERTA -> {
                addRoberta(fields);
                fields.put("position_embedding_type", "absolute");
            }
            case DISTILBERT -> {}
            case LONGFORMER -> {
                addRoberta(fields);
                fields.put("sep_token_id", 2);
                fields.put("attention_window", Collections.nCopies(dimensions.layers(), dimensions.window()));
            }
            case DEBERTA_V2 -> addDeberta(fields, dimensions);
        }
    }

    private static void addRoberta(Map<String, Object> fields) {
        fields.put("layer_norm_eps", 1e-5);
        fields.put("bos_token_id", 0);
        fields.put("pad_token_id", 1);
        fields.put("eos_token_id", 2);
    }

    private static void addDeberta(Map<String, Object> fields, CheckpointDimensions dimensions) {
        fields.put("layer_norm_eps", 1e-7);
        fields.put("pad_token_id", 0);
        fields.put("relative_attention", true);
        fields.put("position_buckets", dimensions.buckets());
        fields.put("max_relative_positions", -1);
        fields.put("norm_rel_ebd", "layer_norm");
        fields.put("share_att_key", true);
        fields.put("pos_att_type", List.of("p2c", "c2p"));
        fields.put("position_biased_input", false);
        fields.put("pooler_hidden_size", dimensions.hidden());
        fields.put("pooler_hidden_act", "gelu");
        fields.put("pooler_dropout", 0);
    }
}
