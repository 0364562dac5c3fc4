package org.donotanswer.encoder;

import org.donotanswer.classifier.transformer.TokenSequence;

/** BERT's forward pass in the plainest form, in double precision: what {@link OnnxForwardPass} is compared with. */
final class FloatEncoder {
    private final RandomEncoder tensors;
    private final EncoderDimensions dimensions;

    FloatEncoder(RandomEncoder tensors, EncoderDimensions dimensions) {
        this.tensors = tensors;
        this.dimensions = dimensions;
    }

    double[] logits(TokenSequence window) {
        int hidden = dimensions.hidden();
        double[][] x = new double[window.length()][hidden];
        for (int token = 0; token < x.length; token++) {
            for (int i = 0; i < hidden; i++) {
                x[token][i] =
                        tensors.tensor("embeddings.word_embeddings.weight")[(int) window.inputIds()[token] * hidden + i]
                                + tensors.tensor("embeddings.token_type_embeddings.weight")[
                                        (int) window.typeIds()[token] * hidden + i]
                                + tensors.tensor("embeddings.position_embeddings.weight")[token * hidden + i];
            }
        }
        x = norm(x, "embeddings.LayerNorm");
        for (int layer = 0; layer < dimensions.layers(); layer++) {
            String name = EncoderDimensions.layer(layer);
            double[][] attention = linear(attention(x, name + "attention.self."), name + "attention.output.dense");
            x = norm(sum(attention, x), name + "attention.output.LayerNorm");
            double[][] inner = linear(x, name + "intermediate.dense");
            for (double[] row : inner) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = gelu(row[i]);
                }
            }
            x = norm(sum(linear(inner, name + "output.dense"), x), name + "output.LayerNorm");
        }
        double[][] pooled = linear(new double[][] {x[0]}, "pooler.dense");
        for (int i = 0; i < hidden; i++) {
            pooled[0][i] = Math.tanh(pooled[0][i]);
        }
        return linear(pooled, "classifier")[0];
    }

    private double[][] attention(double[][] x, String name) {
        double[][] query = linear(x, name + "query");
        double[][] key = linear(x, name + "key");
        double[][] value = linear(x, name + "value");
        int size = dimensions.hidden() / dimensions.heads();
        double[][] context = new double[x.length][dimensions.hidden()];
        for (int from = 0; from < dimensions.hidden(); from += size) {
            for (int token = 0; token < x.length; token++) {
                double[] weights = new double[x.length];
                double total = 0;
                for (int other = 0; other < x.length; other++) {
                    double score = 0;
                    for (int i = from; i < from + size; i++) {
                        score += query[token][i] * key[other][i];
                    }
                    weights[other] = Math.exp(score / Math.sqrt(size));
                    total += weights[other];
                }
                for (int other = 0; other < x.length; other++) {
                    for (int i = from; i < from + size; i++) {
                        context[token][i] += weights[other] / total * value[other][i];
                    }
                }
            }
        }
        return context;
    }

    private double[][] linear(double[][] x, String name) {
        float[] weights = tensors.tensor(name + ".weight");
        float[] bias = tensors.tensor(name + ".bias");
        double[][] result = new double[x.length][bias.length];
        for (int row = 0; row < x.length; row++) {
            for (int output = 0; output < bias.length; output++) {
                double sum = bias[output];
                for (int input = 0; input < x[row].length; input++) {
                    sum += weights[output * x[row].length + input] * x[row][input];
                }
                result[row][output] = sum;
            }
        }
        return result;
    }

    private double[][] norm(double[][] x, String name) {
        float[] weight = tensors.tensor(name + ".weight");
        float[] bias = tensors.tensor(name + ".bias");
        double[][] result = new double[x.length][];
        for (int row = 0; row < x.length; row++) {
            double mean = 0;
            double square = 0;
            for (double value : x[row]) {
                mean += value / x[row].length;
                square += value * value / x[row].length;
            }
            double deviation = Math.sqrt(square - mean * mean);
            result[row] = new double[x[row].length];
            for (int i = 0; i < weight.length; i++) {
                result[row][i] = (x[row][i] - mean) / deviation * weight[i] + bias[i];
            }
        }
        return result;
    }

    private static double[][] sum(double[][] a, double[][] b) {
        double[][] result = new double[a.length][a[0].length];
        for (int row = 0; row < a.length; row++) {
            for (int i = 0; i < a[row].length; i++) {
                result[row][i] = a[row][i] + b[row][i];
            }
        }
        return result;
    }

    private static double gelu(double x) {
        return x / 2 * (1 + erf(x / Math.sqrt(2)));
    }

    /** The Maclaurin series, which is exact enough for |x| < 5: Abramowitz and Stegun, 7.1.6. */
    private static double erf(double x) {
        if (Math.abs(x) > 5) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 150; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
