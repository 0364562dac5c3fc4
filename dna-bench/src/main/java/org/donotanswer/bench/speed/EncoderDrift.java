package org.donotanswer.bench.speed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.math.Quantiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.TokenSequence;

/** Compares engines with one in 32-bit floats, head by head. Immutable, hence thread-safe. */
final class EncoderDrift {
    private static final int PERCENTILE = 99;

    /** The outputs of each head, by its name. */
    private final Map<String, int[]> heads = new LinkedHashMap<>();

    /**
     * Reads the heads of a checkpoint; one without {@code heads} in its config.json has one head of all outputs.
     *
     * @throws IOException if it cannot be read
     */
    EncoderDrift(Path checkpoint, int outputs) throws IOException {
        JsonNode config = new JsonMapper().readTree(Files.readAllBytes(checkpoint.resolve("config.json")));
        for (JsonNode head : config.path("heads")) {
            List<Integer> indices = new ArrayList<>();
            head.path("outputs").forEach(output -> indices.add(output.intValue()));
            heads.put(
                    head.path("kind").asText(),
                    indices.stream().mapToInt(Integer::intValue).toArray());
        }
        if (heads.isEmpty()) {
            int[] all = new int[outputs];
            Arrays.setAll(all, index -> index);
            heads.put("all outputs", all);
        }
    }

    /** Returns a row for each head. */
    List<EncoderDriftRow> compare(String name, WindowEngine engine, List<TokenSequence> windows, List<float[]> exact) {
        List<float[]> logits = windows.stream().map(engine::logits).toList();
        List<EncoderDriftRow> rows = new ArrayList<>();
        heads.forEach((head, outputs) -> {
            int changed = 0;
            List<Double> differences = new ArrayList<>();
            for (int i = 0; i < windows.size(); i++) {
                double[] expected = probabilities(exact.get(i), outputs);
                double[] actual = probabilities(logits.get(i), outputs);
                double difference = 0;
                for (int j = 0; j < expected.length; j++) {
                    difference = Math.max(difference, Math.abs(actual[j] - expected[j]));
                }
                differences.add(difference);
                if (greatest(expected) != greatest(actual)) {
                    changed++;
                }
            }
            rows.add(new EncoderDriftRow(
                    name,
                    head,
                    windows.size(),
                    changed,
                    differences.stream()
                            .mapToDouble(Double::doubleValue)
                            .average()
                            .orElse(Double.NaN),
                    Quantiles.percentiles().index(PERCENTILE).compute(differences),
                    differences.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN)));
        });
        return rows;
    }

    private static int greatest(double[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return best;
    }

    private static double[] probabilities(float[] logits, int[] outputs) {
        double max = Double.NEGATIVE_INFINITY;
        for (int output : outputs) {
            max = Math.max(max, logits[output]);
        }
        double[] probabilities = new double[outputs.length];
        double sum = 0;
        for (int i = 0; i < outputs.length; i++) {
            probabilities[i] = Math.exp(logits[outputs[i]] - max);
            sum += probabilities[i];
        }
        for (int i = 0; i < outputs.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }
}
