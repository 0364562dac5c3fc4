package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every available checkpoint reproduces the logits of the reference implementation: those in the test resources, those
 * in {@code ../shared/checkpoints} if it exists, and those in the directory given by {@code -Ddna.checkpoints}.
 */
class CheckpointParityTest {
    private static final double TOLERANCE = 1e-4;

    /** The files that may hold a checkpoint's weights; each one present is tested. */
    private static final List<String> WEIGHTS = List.of(
            "model.safetensors", "pytorch_model.bin", "model.safetensors.index.json", "pytorch_model.bin.index.json");

    /** Returns all directories with a config.json and an expected.json. */
    static List<Path> checkpoints() {
        Map<Path, Path> found = new LinkedHashMap<>();
        for (Path root : roots()) {
            try (Stream<Path> directories = Files.list(root)) {
                directories
                        .filter(directory -> Files.exists(directory.resolve("expected.json")))
                        .sorted()
                        .forEach(directory ->
                                found.put(directory.toAbsolutePath().normalize(), directory));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(found.values());
    }

    private static List<Path> roots() {
        List<Path> roots = new ArrayList<>();
        try {
            URI own = CheckpointParityTest.class.getResource("/checkpoints").toURI();
            roots.add(Path.of(own));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        Path shared = Path.of(System.getProperty("dna.root", "..")).resolve("../shared/checkpoints");
        if (Files.isDirectory(shared)) {
            roots.add(shared);
        }
        String given = System.getProperty("dna.checkpoints");
        if (given != null) {
            // A relative path is relative to where Maven was started.
            Path directory = Path.of(System.getProperty("dna.root", "..")).resolve(given);
            assertThat(directory).as("-Ddna.checkpoints").isDirectory();
            roots.add(directory);
        }
        return roots;
    }

    /** Returns each checkpoint with each of its weight files and each kind of kernels. */
    static List<Parity> parities() {
        List<Parity> parities = new ArrayList<>();
        for (Path directory : checkpoints()) {
            List<String> files = WEIGHTS.stream()
                    .filter(file -> Files.exists(directory.resolve(file)))
                    .toList();
            assertThat(files).as("weights in " + directory).isNotEmpty();
            for (String file : files) {
                if (Torch.hasOneDnn()) {
                    parities.add(new Parity(directory, file, true));
                }
                parities.add(new Parity(directory, file, false));
            }
        }
        return parities;
    }

    record Parity(Path directory, String weights, boolean packed) {
        @Override
        public String toString() {
            return directory.getParent().getFileName() + "/" + directory.getFileName() + " " + weights
                    + (packed ? ", packed" : ", plain");
        }
    }

    @Test
    void checkpoints_arePresent() {
        assertThat(checkpoints()).hasSizeGreaterThanOrEqualTo(6);
        assertThat(parities()).hasSizeGreaterThanOrEqualTo(12);
    }

    @ParameterizedTest
    @MethodSource("parities")
    void logits_matchTheReference(Parity parity) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(parity.directory().resolve("expected.json").toFile());
        CheckpointConfig config = CheckpointConfig.read(parity.directory());
        Architecture architecture = Architecture.of(config);
        Kernels kernels = new Kernels(Precision.FLOAT32, parity.packed());
        int cases = 0;
        try (CheckpointWeights weights = open(parity);
                CheckpointModel model = CheckpointModel.load(architecture, config.labelCount(), weights, kernels, 0)) {
            for (JsonNode each : expected.get("cases")) {
                List<TokenSequence> rows = rows(each);
                List<float[]> logits = logits(each);
                float[][] together = model.logits(rows);
                for (int row = 0; row < rows.size(); row++) {
                    String where = "case " + cases + ", row " + row;
                    assertClose(where + " in the batch", together[row], logits.get(row));
                    assertClose(where + " alone", model.logits(List.of(rows.get(row)))[0], logits.get(row));
                }
                cases++;
            }
        }
        assertThat(cases).isPositive();
    }

    /**
     * The band is used for sequences longer than those of the small checkpoints' cases, but must be correct for these
     * as well.
     */
    @ParameterizedTest
    @MethodSource("parities")
    void everyForm_matchesTheReference(Parity parity) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(parity.directory().resolve("expected.json").toFile());
        CheckpointConfig config = CheckpointConfig.read(parity.directory());
        Architecture architecture = Architecture.of(config);
        try (CheckpointWeights weights = open(parity);
                CheckpointModel model = CheckpointModel.load(
                        architecture,
                        config.labelCount(),
                        weights,
                        new Kernels(Precision.FLOAT32, parity.packed()),
                        0)) {
            List<String> forms = new ArrayList<>(List.of(Architecture.FULL, Architecture.PADDED));
            if (architecture instanceof Longformer) {
                forms.add(Longformer.BANDED);
            }
            for (String form : forms) {
                for (JsonNode each : expected.get("cases")) {
                    List<TokenSequence> rows = rows(each);
                    for (int row = 0; row < rows.size(); row++) {
                        assertClose(
                                form + ", " + rows.get(row).length() + " tokens",
                                model.run(form, List.of(rows.get(row)))[0],
                                logits(each).get(row));
                    }
                }
            }
        }
    }

    private static CheckpointWeights open(Parity parity) throws IOException {
        return parity.weights().endsWith(".json")
                ? CheckpointWeights.open(parity.directory())
                : CheckpointWeights.openFile(parity.directory().resolve(parity.weights()));
    }

    private static void assertClose(String where, float[] found, float[] expected) {
        assertThat(found).as(where).hasSameSizeAs(expected);
        for (int label = 0; label < expected.length; label++) {
            assertThat((double) found[label])
                    .as(where + ", label " + label)
                    .isCloseTo(expected[label], within(TOLERANCE));
        }
    }

    private static List<TokenSequence> rows(JsonNode each) {
        List<TokenSequence> rows = new ArrayList<>();
        for (int row = 0; row < each.get("input_ids").size(); row++) {
            long[] ids = longs(each.get("input_ids").get(row));
            JsonNode types = each.get("token_type_ids");
            rows.add(new TokenSequence(
                    ids, types == null || types.isNull() ? new long[ids.length] : longs(types.get(row))));
        }
        return rows;
    }

    private static long[] longs(JsonNode values) {
        long[] longs = new long[values.size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = values.get(i).longValue();
        }
        return longs;
    }

    private static List<float[]> logits(JsonNode each) {
        List<float[]> rows = new ArrayList<>();
        for (JsonNode row : each.get("logits")) {
            float[] logits = new float[row.size()];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = row.get(i).floatValue();
            }
            rows.add(logits);
        }
        return rows;
    }
}
