package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.donotanswer.classifier.weights.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DropoutTest {
    /** One rate for each component, so that a program says which of them it applies. */
    private static final Dropout DISTINCT = new Dropout(0.01, 0.02, 0.03, 0.04, 0.05, 0.06);

    private static final Map<String, String> COMPONENTS = Map.of(
            "0.01", "embeddings",
            "0.02", "hidden",
            "0.03", "attention",
            "0.04", "inner",
            "0.05", "pooler",
            "0.06", "classifier");

    private static final Pattern CALL = Pattern.compile("(\\w+) = torch\\.(\\w+)\\((.*)\\)");

    @TempDir
    Path directory;

    private CheckpointConfig config(String json) throws IOException {
        Files.writeString(directory.resolve(CheckpointConfig.FILE), json.replace('\'', '"'));
        return CheckpointConfig.read(directory);
    }

    @ParameterizedTest
    @CsvSource({
        "albert, 0, 0, 0, 0, 0, 0.1",
        "bert, 0.1, 0.1, 0.1, 0, 0, 0.1",
        "camembert, 0.1, 0.1, 0.1, 0, 0, 0.1",
        "data2vec-text, 0.1, 0.1, 0.1, 0, 0, 0.1",
        "deberta-v2, 0.1, 0.1, 0.1, 0, 0, 0.1",
        "distilbert, 0.1, 0.1, 0.1, 0, 0, 0.2",
        "electra, 0.1, 0.1, 0.1, 0, 0, 0.1",
        "longformer, 0.1, 0.1, 0.1, 0, 0, 0.1",
        "modernbert, 0, 0, 0, 0, 0, 0",
        "mpnet, 0.1, 0.1, 0.1, 0, 0, 0.1",
        "roberta, 0.1, 0.1, 0.1, 0, 0, 0.1",
        "xlm-roberta, 0.1, 0.1, 0.1, 0, 0, 0.1"
    })
    void of_noRates_returnsDefaultsOfModelType(
            String type,
            double embeddings,
            double hidden,
            double attention,
            double inner,
            double pooler,
            double classifier)
            throws IOException {
        assertThat(Dropout.of(config("{'model_type': '" + type + "'}")))
                .isEqualTo(new Dropout(embeddings, hidden, attention, inner, pooler, classifier));
    }

    /** Every configuration names all rates of all model types, and each model type reads its own. */
    @ParameterizedTest
    @CsvSource({
        "albert, 0.11, 0.11, 0.12, 0, 0, 0.14",
        "bert, 0.11, 0.11, 0.12, 0, 0, 0.13",
        "camembert, 0.11, 0.11, 0.12, 0, 0, 0.13",
        "data2vec-text, 0.11, 0.11, 0.12, 0, 0, 0.13",
        "deberta-v2, 0.11, 0.11, 0.12, 0, 0.15, 0.16",
        "distilbert, 0.17, 0.17, 0.18, 0, 0, 0.19",
        "electra, 0.11, 0.11, 0.12, 0, 0, 0.13",
        "longformer, 0.11, 0.11, 0.12, 0, 0, 0.11",
        "modernbert, 0.21, 0, 0.18, 0.22, 0, 0.13",
        "mpnet, 0.11, 0.11, 0.12, 0, 0, 0.11",
        "roberta, 0.11, 0.11, 0.12, 0, 0, 0.13",
        "xlm-roberta, 0.11, 0.11, 0.12, 0, 0, 0.13"
    })
    void of_allRates_returnsThoseOfModelType(
            String type,
            double embeddings,
            double hidden,
            double attention,
            double inner,
            double pooler,
            double classifier)
            throws IOException {
        CheckpointConfig config = config("{'model_type': '" + type
                + "', 'hidden_dropout_prob': 0.11, 'attention_probs_dropout_prob': 0.12, 'classifier_dropout': 0.13,"
                + " 'classifier_dropout_prob': 0.14, 'pooler_dropout': 0.15, 'cls_dropout': 0.16, 'dropout': 0.17,"
                + " 'attention_dropout': 0.18, 'seq_classif_dropout': 0.19, 'embedding_dropout': 0.21,"
                + " 'mlp_dropout': 0.22}");
        assertThat(Dropout.of(config)).isEqualTo(new Dropout(embeddings, hidden, attention, inner, pooler, classifier));
    }

    @ParameterizedTest
    @CsvSource({
        "bert, classifier_dropout",
        "electra, classifier_dropout",
        "roberta, classifier_dropout",
        "deberta-v2, cls_dropout"
    })
    void of_classifierRateIsNull_isThatOfHiddenStates(String type, String name) throws IOException {
        CheckpointConfig config =
                config("{'model_type': '" + type + "', 'hidden_dropout_prob': 0.3, '" + name + "': null}");
        assertThat(Dropout.of(config).classifier()).isEqualTo(0.3);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, hidden_dropout_prob, 1",
        "roberta, attention_probs_dropout_prob, -0.1",
        "electra, classifier_dropout, 1.5",
        "albert, classifier_dropout_prob, true",
        "deberta-v2, pooler_dropout, 2",
        "deberta-v2, cls_dropout, []",
        "distilbert, dropout, 1",
        "distilbert, attention_dropout, {}",
        "distilbert, seq_classif_dropout, -1",
        "modernbert, embedding_dropout, 1.0",
        "modernbert, mlp_dropout, '\"0.1\"'"
    })
    void of_badRate_throws(String type, String name, String value) throws IOException {
        CheckpointConfig config = config("{'model_type': '" + type + "', '" + name + "': " + value + "}");
        assertThatThrownBy(() -> Dropout.of(config))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(name + " must be a number in [0, 1), but was " + value + " (" + config.file() + ")");
    }

    @Test
    void of_unsupportedModelType_throws() throws IOException {
        CheckpointConfig config = config("{'model_type': 'gpt2'}");
        assertThatThrownBy(() -> Dropout.of(config))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(
                        "model_type must be " + Architecture.MODEL_TYPES + ", but was gpt2 (" + config.file() + ")");
    }

    @Test
    void badRate_throws() {
        assertThatThrownBy(() -> new Dropout(0, 0, 0, 0, Double.NaN, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dropout of pooler must be in [0, 1), but was NaN");
        assertThatThrownBy(() -> Dropout.NONE.withAttention(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dropout of attention must be in [0, 1), but was 1.0");
        assertThatThrownBy(() -> Dropout.uniform(-0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dropout of embeddings must be in [0, 1), but was -0.5");
    }

    @Test
    void withAttention_changesNothingElse() {
        assertThat(DISTINCT.withAttention(0)).isEqualTo(new Dropout(0.01, 0.02, 0, 0.04, 0.05, 0.06));
        assertThat(Dropout.uniform(0)).isEqualTo(Dropout.NONE);
    }

    @Test
    void packedKernels_refuseDropout() {
        assertThat(new Kernels(Precision.FLOAT32, true).dropout()).isEqualTo(Dropout.NONE);
        assertThatThrownBy(() -> new Kernels(Precision.FLOAT32, true, Dropout.NONE.withAttention(0.25)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dropout must be none for packed kernels, but was Dropout[embeddings=0.0, hidden=0.0,"
                        + " attention=0.25, inner=0.0, pooler=0.0, classifier=0.0]");
    }

    /**
     * Where each model drops, from the reference: which rate, of the result of which operation, for which operation
     * (the first if several use it), and how often. {@code sdpa} counts fused attention, which drops its probabilities
     * itself; the last layer of most models computes the first token's attention from operations, which then show the
     * softmax. All models have two layers, but ModernBERT has four.
     *
     * <ul>
     *   <li>All: embeddings after their normalisation, or after DeBERTa's mask if any; probabilities of all layers.
     *   <li>BERT, ELECTRA, RoBERTa, MPNet, Longformer, DeBERTa: both linear maps before a residual sum, in all layers.
     *   <li>ALBERT: only the one after attention. DistilBERT: only the one of the feed-forward network.
     *   <li>Longformer: probabilities of the first token in all layers, and of the others in all but the last.
     *   <li>DeBERTa: embeddings of relative positions in all layers, the convolution before its activation, and the
     *       input of the pooler, at rates of their own or that of hidden states.
     *   <li>ModernBERT: the linear map after attention at the rate of attention, and the gated values before the second
     *       linear map of the feed-forward network.
     *   <li>Heads: before each linear map, if they are those of ELECTRA, RoBERTa, MPNet and Longformer; before the last
     *       one in the others.
     * </ul>
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            albert     | attention softmax>matmul 1, classifier tanh>linear 1, embeddings layer_norm>linear 1, hidden linear>add 2, sdpa 0.03 1
            bert       | attention softmax>matmul 1, classifier tanh>linear 1, embeddings layer_norm>linear 1, hidden linear>add 4, sdpa 0.03 1
            deberta-v2 | classifier gelu>linear 1, embeddings layer_norm>linear 1, hidden linear>add 4, hidden unsqueeze>linear 2, pooler select>linear 1, sdpa 0.03 2
            distilbert | attention softmax>matmul 1, classifier relu>linear 1, embeddings layer_norm>linear 1, hidden linear>add 2, sdpa 0.03 1
            electra    | attention softmax>matmul 1, classifier gelu>linear 1, classifier select>linear 1, embeddings layer_norm>linear 1, hidden linear>add 4, sdpa 0.03 1
            longformer | attention softmax>matmul 2, classifier select>linear 1, classifier tanh>linear 1, embeddings layer_norm>linear 1, hidden linear>add 4, sdpa 0.03 1
            modernbert | attention linear>add 4, classifier layer_norm>linear 1, embeddings layer_norm>linear 1, inner mul>linear 4, sdpa 0.03 4
            mpnet      | attention softmax>matmul 1, classifier select>linear 1, classifier tanh>linear 1, embeddings layer_norm>linear 1, hidden linear>add 4, sdpa 0.03 1
            roberta    | attention softmax>matmul 1, classifier select>linear 1, classifier tanh>linear 1, embeddings layer_norm>linear 1, hidden linear>add 4, sdpa 0.03 1
            """)
    void program_dropsWhereTheReferenceDoes(String type, String expected) throws IOException {
        String source = source(TinyCheckpoint.of(type), DISTINCT);
        assertThat(dropped(function(source, Architecture.FULL))).isEqualTo(expected);
        String padded =
                type.equals("deberta-v2") ? expected.replace("embeddings layer_norm", "embeddings mul") : expected;
        assertThat(dropped(function(source, Architecture.PADDED))).isEqualTo(padded);
    }

    @Test
    void program_debertaConvolution_dropsBeforeActivation() throws IOException {
        String source = source(TinyCheckpoint.of("deberta-v2").set("conv_kernel_size", "3"), DISTINCT);
        assertThat(dropped(function(source, Architecture.FULL))).contains("hidden transpose>tanh 1");
        assertThat(dropped(function(source, Architecture.PADDED))).contains("hidden mul>tanh 1");
    }

    /** The sum of the weights that were kept multiplies the bias of the values, as each value has it. */
    @Test
    void program_firstTokenAttention_scalesBiasOfValues() throws IOException {
        assertThat(source(TinyCheckpoint.of("bert"), Dropout.NONE.withAttention(0.5)))
                .contains("torch.sum(");
        assertThat(source(TinyCheckpoint.of("bert"), Dropout.uniform(0.5).withAttention(0)))
                .doesNotContain("torch.sum(");
    }

    @ParameterizedTest
    @CsvSource({"albert", "bert", "deberta-v2", "distilbert", "electra", "longformer", "modernbert", "mpnet", "roberta"
    })
    void program_noDropout_dropsNothing(String type) throws IOException {
        String source = source(TinyCheckpoint.of(type), Dropout.NONE);
        for (String form : List.of(Architecture.FULL, Architecture.PADDED)) {
            assertThat(dropped(function(source, form))).matches("sdpa 0\\.0 \\d");
        }
    }

    private String source(TinyCheckpoint checkpoint, Dropout dropout) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(checkpoint.write(directory));
        return Architecture.of(config)
                .program(new Kernels(Precision.FLOAT32, false, dropout))
                .source();
    }

    /** Returns the lines of a function of a program. */
    private static List<String> function(String source, String name) {
        List<String> lines = source.lines().toList();
        int start = 0;
        while (!lines.get(start).startsWith("  def " + name + "(")) {
            start++;
        }
        return lines.stream()
                .skip(start + 1L)
                .takeWhile(line -> !line.startsWith("  def "))
                .toList();
    }

    /** Returns what a function drops, in the form of the table above. */
    private static String dropped(List<String> lines) {
        Map<String, Integer> found = new TreeMap<>();
        Map<String, String> operations = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher call = CALL.matcher(lines.get(i).strip());
            if (!call.matches()) {
                continue;
            }
            operations.put(call.group(1), call.group(2));
            String[] arguments = call.group(3).split(", ", -1);
            if (call.group(2).equals("dropout")) {
                assertThat(arguments[2]).isEqualTo("True");
                String next = firstUse(call.group(1), lines.subList(i + 1, lines.size()));
                String where = operations.get(arguments[0]) + ">" + next;
                found.merge(COMPONENTS.get(arguments[1]) + " " + where, 1, Integer::sum);
            } else if (call.group(2).equals("scaled_dot_product_attention")) {
                found.merge("sdpa " + arguments[4], 1, Integer::sum);
            }
        }
        return found.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String firstUse(String variable, List<String> lines) {
        for (String line : lines) {
            Matcher call = CALL.matcher(line.strip());
            if (call.matches() && call.group(3).matches(".*\\b" + variable + "\\b.*")) {
                return call.group(2);
            }
        }
        return "nothing";
    }
}
