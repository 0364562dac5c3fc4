package org.donotanswer.bench.speed;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * A BERT classifier written from the papers' descriptions without regard to speed, for one exchange without padding.
 *
 * <p>Jacob Devlin et al., BERT, NAACL 2019, arXiv:1810.04805; Ashish Vaswani et al., Attention is all you need, NIPS 2017,
 * arXiv:1706.03762, section 3.
 */
final class NaiveBert {
    private static final double EPSILON = 1e-12;

    private final TensorValues tensors;
    private final int layers;
    private final int heads;

    NaiveBert(Path checkpoint, int layers, int heads) {
        this.tensors = new TensorValues(checkpoint);
        this.layers = layers;
        this.heads = heads;
    }

    double[] logits(long[] ids, long[] types) {
        double[] gain = doubles("bert.embeddings.LayerNorm.weight");
        int size = gain.length;
        double[][] hidden = new double[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            double[] words = row("bert.embeddings.word_embeddings.weight", ids[i], size);
            double[] positions = row("bert.embeddings.position_embeddings.weight", i, size);
            double[] kinds = row("bert.embeddings.token_type_embeddings.weight", types[i], size);
            hidden[i] = norm(add(add(words, positions), kinds), "bert.embeddings.LayerNorm");
        }
        for (int layer = 0; layer < layers; layer++) {
            hidden = layer(hidden, "bert.encoder.layer." + layer + ".");
        }
        double[] pooled = linear(hidden[0], "bert.pooler.dense");
        return linear(Arrays.stream(pooled).map(Math::tanh).toArray(), "classifier");
    }

    private double[][] layer(double[][] hidden, String prefix) {
        double[][] query = map(hidden, prefix + "attention.self.query");
        double[][] key = map(hidden, prefix + "attention.self.key");
        double[][] value = map(hidden, prefix + "attention.self.value");
        double[][] result = new double[hidden.length][];
        for (int i = 0; i < hidden.length; i++) {
            double[] attended = linear(attend(query[i], key, value), prefix + "attention.output.dense");
            double[] middle = norm(add(attended, hidden[i]), prefix + "attention.output.LayerNorm");
            double[] inner = Arrays.stream(linear(middle, prefix + "intermediate.dense"))
                    .map(NaiveBert::gelu)
                    .toArray();
            result[i] = norm(add(linear(inner, prefix + "output.dense"), middle), prefix + "output.LayerNorm");
        }
        return result;
    }

    private double[] attend(double[] query, double[][] key, double[][] value) {
        int size = query.length / heads;
        double[] result = new double[query.length];
        for (int from = 0; from < query.length; from += size) {
            double[] weights = new double[key.length];
            for (int j = 0; j < key.length; j++) {
                for (int d = from; d < from + size; d++) {
                    weights[j] += query[d] * key[j][d] / Math.sqrt(size);
                }
                weights[j] = Math.exp(weights[j]);
            }
            double sum = Arrays.stream(weights).sum();
            for (int j = 0; j < key.length; j++) {
                for (int d = from; d < from + size; d++) {
                    result[d] += weights[j] / sum * value[j][d];
                }
            }
        }
        return result;
    }

    private double[][] map(double[][] rows, String name) {
        return Arrays.stream(rows).map(row -> linear(row, name)).toArray(double[][]::new);
    }

    private double[] linear(double[] input, String name) {
        float[] weight = tensors.get(name + ".weight");
        double[] result = doubles(name + ".bias");
        for (int out = 0; out < result.length; out++) {
            for (int in = 0; in < input.length; in++) {
                result[out] += input[in] * weight[out * input.length + in];
            }
        }
        return result;
    }

    private double[] norm(double[] input, String name) {
        double[] gain = doubles(name + ".weight");
        double[] result = doubles(name + ".bias");
        double mean = Arrays.stream(input).average().orElseThrow();
        double variance =
                Arrays.stream(input).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        for (int i = 0; i < input.length; i++) {
            result[i] += gain[i] * (input[i] - mean) / Math.sqrt(variance + EPSILON);
        }
        return result;
    }

    private static double gelu(double x) {
        return x * 0.5 * (1 + erf(x / Math.sqrt(2)));
    }

    /** Returns the sum of the Maclaurin series, which is accurate near zero, where untrained activations are. */
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 60; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private static double[] add(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    private double[] row(String name, long index, int size) {
        return Arrays.copyOfRange(doubles(name), (int) index * size, (int) (index + 1) * size);
    }

    private double[] doubles(String name) {
        float[] values = tensors.get(name);
        double[] result = new double[values.length];
        Arrays.setAll(result, i -> values[i]);
        return result;
    }
}
