package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The classifiers in docs/checkpoints.md, with their architectures and labels and random weights. */
class PublishedCheckpointsTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "checkpoints.md");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String INSTRUCTION = "tea the pot";
    private static final String RESPONSE = "yes no tea";

    @TempDir
    private Path directory;

    /**
     * A row of the table.
     *
     * @param refused empty if it loads; otherwise what it lacks: a known {@code type}, or {@code weights}
     * @param head how it is read, as {@link TransformerEvaluator#heads} says it
     * @param event the outputs that are counted
     * @param absence the outputs that stand against them in a softmax; empty for sigmoids
     */
    record Row(
            String model,
            String type,
            List<String> labels,
            @Nullable String problem,
            String tokenizer,
            String verified,
            String options,
            String refused,
            String head,
            List<Integer> event,
            List<Integer> absence) {
        @Override
        public String toString() {
            return model;
        }

        String inTheDocument() {
            String loads =
                    refused.isEmpty() ? head : refused.equals("type") ? "no: `model_type`" : "no: ONNX weights only";
            return String.join(
                    " | ",
                    "| `" + model + "`",
                    type,
                    labels.isEmpty()
                            ? "not verified"
                            : labels.stream().map(label -> "`" + label + "`").collect(Collectors.joining(", ")),
                    problem == null ? "-" : problem,
                    tokenizer,
                    options.isEmpty() ? "-" : "`" + options + "`",
                    loads,
                    verified + " |");
        }
    }

    static List<Row> rows() throws IOException {
        return MAPPER.readerForListOf(Row.class)
                .readValue(TinyCheckpoint.resource("published-checkpoints.json").toFile());
    }

    static List<Row> loadingRows() throws IOException {
        return rows().stream().filter(row -> row.refused().isEmpty()).toList();
    }

    static List<Row> refusedRows() throws IOException {
        return rows().stream().filter(row -> !row.refused().isEmpty()).toList();
    }

    @Test
    void document_hasTheRowsOfTheResource() throws IOException {
        List<String> documented = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(documented).isEqualTo(rows().stream().map(Row::inTheDocument).toList());
        assertThat(rows())
                .hasSizeGreaterThanOrEqualTo(30)
                .extracting(Row::model)
                .doesNotHaveDuplicates();
    }

    private TinyCheckpoint checkpoint(Row row, String type) throws IOException {
        TinyCheckpoint checkpoint = TinyCheckpoint.of(type);
        if (!row.labels().isEmpty()) {
            Map<String, String> labels = new LinkedHashMap<>();
            for (int i = 0; i < row.labels().size(); i++) {
                labels.put(String.valueOf(i), row.labels().get(i));
            }
            checkpoint.set("id2label", MAPPER.writeValueAsString(labels));
        }
        return checkpoint.set("problem_type", MAPPER.writeValueAsString(row.problem()));
    }

    /** Architectures come one by one: until one is known, its rows are refused for their type. */
    private static boolean isKnown(String type, Path parent) throws IOException {
        Path config = Files.createDirectories(parent.resolve("type-" + type));
        Files.writeString(config.resolve(CheckpointConfig.FILE), "{\"model_type\":\"" + type + "\"}");
        try {
            Architecture.of(CheckpointConfig.read(config));
            return true;
        } catch (CheckpointException e) {
            return !String.valueOf(e.getMessage()).startsWith("model_type must be ");
        }
    }

    /** Writes the configuration of a row with another architecture's weights. */
    private Path ofUnknownType(Row row) throws IOException {
        Path path = checkpoint(row, "bert").write(directory.resolve("model"));
        TinyCheckpoint.setConfig(path, "model_type", '"' + row.type() + '"');
        return path;
    }

    private static void assertTypeIsRefused(Row row, Path path) {
        // Without labels that tell, the head would be refused before the type.
        assertThatThrownBy(() -> builder(row, path).build())
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("model_type must be ")
                .hasMessageEndingWith(", but was " + row.type() + " (" + path.resolve(CheckpointConfig.FILE) + ")");
    }

    private static TransformerEvaluator.Builder builder(Row row, Path path) {
        TransformerEvaluator.Builder builder = TransformerEvaluator.builder().warmUp(false);
        String[] options = row.options().split(" ", -1);
        switch (options[0]) {
            case "--action-model" -> builder.action(path);
            case "--labels" -> {
                Map<String, String> labels = new LinkedHashMap<>();
                for (String label : options[1].split(",", -1)) {
                    labels.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
                }
                builder.checkpoint(path).labelsByName(labels);
            }
            case "--model-input" -> builder.checkpoint(path).inputFormat(InputFormat.valueOf(options[1]));
            default -> {
                assertThat(row.options()).isEmpty();
                builder.checkpoint(path);
            }
        }
        return builder;
    }

    @ParameterizedTest
    @MethodSource("loadingRows")
    void load_readsTheHeadAsDocumented(Row row) throws IOException {
        if (!isKnown(row.type(), directory)) {
            assertTypeIsRefused(row, ofUnknownType(row));
            return;
        }
        Path path = checkpoint(row, row.type()).write(directory.resolve("model"));
        try (TransformerEvaluator evaluator = builder(row, path).build()) {
            assertThat(evaluator.heads()).containsExactly(row.head());
            assertThat(evaluator.provenance().parameters()).containsEntry("model head", row.head());
            Scored scored = (Scored) evaluator.evaluate(INSTRUCTION, RESPONSE);
            String kind = row.head().substring(0, row.head().indexOf(':'));
            float[] logits = logits(path, kind.equals("instruction risk") ? INSTRUCTION : RESPONSE);

            assertThat(logits).hasSize(row.labels().size());
            assertThat(scored.harmful().isPresent()).isEqualTo(kind.equals("harmful"));
            assertThat(scored.instructionRisk().isPresent()).isEqualTo(kind.equals("instruction risk"));
            assertThat(scored.refusal().isPresent()).isEqualTo(kind.equals("refusal"));
            assertThat(scored.actions().isPresent()).isEqualTo(kind.equals("action"));
            if (kind.equals("action")) {
                ResponseAction[] actions = ResponseAction.values();
                for (int i = 0; i < actions.length; i++) {
                    assertThat(scored.actions().get().probability(actions[i]))
                            .isCloseTo(softmax(logits, List.of(i), List.of(0, 1, 2, 3, 4, 5)), within(1e-5));
                }
            } else {
                double found = kind.equals("harmful")
                        ? scored.harmful().getAsDouble()
                        : kind.equals("refusal")
                                ? scored.refusal().getAsDouble()
                                : scored.instructionRisk().getAsDouble();
                assertThat(found).isCloseTo(expected(row, logits), within(1e-5));
            }
        }
    }

    private static float[] logits(Path path, String text) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(path);
        Architecture architecture = Architecture.of(config);
        TokenizerOptions options = TokenizerOptions.of(architecture.maxTokens(), InputFormat.RESPONSE_ONLY);
        try (CheckpointTokenizer tokenizer = CheckpointTokenizer.open(path, options);
                CheckpointWeights weights = CheckpointWeights.open(path);
                CheckpointModel model = CheckpointModel.load(
                        architecture,
                        config.labelCount(),
                        weights,
                        new Kernels(Precision.FLOAT32, Torch.hasOneDnn()),
                        1)) {
            return model.logits(tokenizer.encode("", text).windows())[0];
        }
    }

    private static double expected(Row row, float[] logits) {
        if (row.absence().isEmpty()) {
            return row.event().stream()
                    .mapToDouble(i -> 1 / (1 + Math.exp(-logits[i])))
                    .max()
                    .getAsDouble();
        }
        List<Integer> all = new ArrayList<>(row.event());
        all.addAll(row.absence());
        return softmax(logits, row.event(), all);
    }

    private static double softmax(float[] logits, List<Integer> wanted, List<Integer> all) {
        double sum = wanted.stream().mapToDouble(i -> Math.exp(logits[i])).sum();
        return sum / all.stream().mapToDouble(i -> Math.exp(logits[i])).sum();
    }

    @ParameterizedTest
    @MethodSource("refusedRows")
    void load_isRefusedAsDocumented(Row row) throws IOException {
        if (row.refused().equals("type")) {
            assertThat(isKnown(row.type(), directory)).isFalse();
            Path path = ofUnknownType(row);
            if (row.labels().isEmpty()) {
                TinyCheckpoint.setConfig(path, "id2label", "{\"0\":\"safe\",\"1\":\"unsafe\"}");
            }
            assertTypeIsRefused(row, path);
            return;
        }
        Path path = checkpoint(row, row.type()).write(directory.resolve("model"));
        Files.delete(path.resolve("model.safetensors"));
        Files.writeString(path.resolve("model.onnx"), "onnx");
        assertThatThrownBy(() -> builder(row, path).build())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining(path.toString());
    }

    @Test
    void rows_haveOutputsForEveryRule() throws IOException {
        for (Row row : loadingRows()) {
            boolean action = row.options().equals("--action-model");
            assertThat(row.event().isEmpty()).as(row.model()).isEqualTo(action);
            assertThat(IntStream.range(0, row.labels().size()).boxed().toList())
                    .as(row.model())
                    .containsAll(row.event())
                    .containsAll(row.absence());
        }
    }
}
