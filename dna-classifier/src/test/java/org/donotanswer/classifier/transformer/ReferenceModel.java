package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.jspecify.annotations.Nullable;

/** A transcription of one of the reference's models for sequence classification, written from its source. */
interface ReferenceModel {
    /**
     * Returns the logits of one row of a batch.
     *
     * @param mask 1 for each token, and 0 for padding
     */
    double[] logits(long[] ids, long[] types, int[] mask);

    /** Returns the transcription for a directory's configuration, with its weights. */
    static ReferenceModel of(Path directory) throws IOException {
        JsonNode config =
                new ObjectMapper().readTree(directory.resolve("config.json").toFile());
        Weights weights = Weights.read(directory);
        return switch (config.path("model_type").asText()) {
            case "albert" -> new ReferenceAlbert(config, weights);
            case "bert" -> new ReferenceBert(config, weights);
            case "data2vec-text" -> new ReferenceRoberta(config, weights, "data2vec_text.");
            case "electra" -> new ReferenceElectra(config, weights);
            case "modernbert" -> new ReferenceModernBert(config, weights);
            case "mpnet" -> new ReferenceMpnet(config, weights);
            default -> new ReferenceRoberta(config, weights, "roberta.");
        };
    }

    /** The tensors of a file under the reference's own names. */
    record Weights(Map<String, double[]> values, Map<String, List<Long>> shapes) {
        static Weights read(Path directory) throws IOException {
            Map<String, double[]> values = new LinkedHashMap<>();
            Map<String, List<Long>> shapes = new LinkedHashMap<>();
            try (CheckpointWeights source = CheckpointWeights.open(directory)) {
                for (String name : source.names()) {
                    float[] floats = source.tensor(name).toFloats();
                    double[] doubles = new double[floats.length];
                    for (int i = 0; i < floats.length; i++) {
                        doubles[i] = floats[i];
                    }
                    values.put(name, doubles);
                    shapes.put(name, source.tensor(name).shape());
                }
            }
            return new Weights(values, shapes);
        }

        double[] vector(String name) {
            double[] vector = values.get(name);
            if (vector == null) {
                throw new IllegalArgumentException("the reference has " + name + ", but the file does not");
            }
            return vector;
        }

        double[][] matrix(String name) {
            double[] flat = vector(name);
            int columns = Math.toIntExact(shapes.get(name).get(1));
            double[][] rows = new double[flat.length / columns][columns];
            for (int i = 0; i < flat.length; i++) {
                rows[i / columns][i % columns] = flat[i];
            }
            return rows;
        }

        /** Returns the rows of a table of embeddings. */
        double[][] rows(String name, long[] indices) {
            double[][] table = matrix(name);
            double[][] rows = new double[indices.length][];
            for (int i = 0; i < indices.length; i++) {
                rows[i] = table[Math.toIntExact(indices[i])].clone();
            }
            return rows;
        }

        double[][] linear(double[][] x, String layer) {
            return ReferenceMath.linear(x, matrix(layer + ".weight"), vector(layer + ".bias"));
        }

        double[][] linear(double[][] x, String layer, boolean biased) {
            return ReferenceMath.linear(x, matrix(layer + ".weight"), bias(layer, biased));
        }

        double[][] layerNorm(double[][] x, String layer, double epsilon) {
            return layerNorm(x, layer, epsilon, true);
        }

        double[][] layerNorm(double[][] x, String layer, double epsilon, boolean biased) {
            return ReferenceMath.layerNorm(x, vector(layer + ".weight"), bias(layer, biased), epsilon);
        }

        private double @Nullable [] bias(String layer, boolean biased) {
            return biased ? vector(layer + ".bias") : null;
        }
    }
}
