package org.donotanswer.classifier.finetune;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.TrainableClassifier;

/** Writes classifiers to directories. Stateless, hence thread-safe. */
final class ClassifierWriter {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String CARD = "README.md";

    /** What the reference's tokenizers are read from. */
    static final List<String> TOKENIZER_FILES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "bpe.codes",
            "dict.txt",
            "spm.model",
            "spiece.model",
            "sentencepiece.bpe.model");

    /** What the licences of bases want to be kept. */
    static final List<String> NOTICES = List.of("LICENSE", "LICENSE.txt", "NOTICE", "NOTICE.txt");

    private static final String TOKENIZER_SETTINGS = "tokenizer_config.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private ClassifierWriter() {}

    /**
     * Writes a directory that this library and the reference load: all weights with low-rank changes added, {@code
     * config.json} with the calibrations, the base's tokenizer, and the card as {@code README.md}. {@code config.json} is
     * written last, and if anything fails, what was written is deleted.
     *
     * @param directory new, empty, or holding only the state of a training
     * @throws IllegalArgumentException if a calibration is of a head that the classifier lacks
     * @throws IOException if the directory has other files, or a file cannot be read or written
     */
    static void writeWhole(
            TrainableClassifier classifier,
            ClassifierSetup setup,
            Map<HeadKind, HeadCalibration> calibrations,
            String card,
            Path directory)
            throws IOException {
        ObjectNode config = config(classifier, calibrations);
        try (OutputDirectory output = OutputDirectory.create(directory)) {
            output.write(CARD, card);
            output.copy(setup.base(), NOTICES);
            output.copy(
                    setup.base(),
                    TOKENIZER_FILES.stream()
                            .filter(name -> setup.maxTokens().isEmpty() || !name.equals(TOKENIZER_SETTINGS))
                            .toList());
            if (setup.maxTokens().isPresent()) {
                output.write(
                        TOKENIZER_SETTINGS,
                        tokenizerSettings(setup.base(), setup.maxTokens().getAsInt()));
            }
            output.writeWeights(WEIGHTS, classifier.mergedWeights());
            output.writeLast(CONFIG, config);
        }
    }

    /**
     * Writes a directory in PEFT's layout with what was trained alone: low-rank factors and heads. {@link Delta} makes a whole
     * classifier of it and its base. {@code adapter_config.json} is written last, and if anything fails, what was written is
     * deleted.
     *
     * @param baseName how the card and PEFT name the base, such as its repository on the hub
     * @param directory new, empty, or holding only the state of a training
     * @throws IllegalArgumentException if the setup has no low-rank change, or a calibration is of a head that the classifier
     *     lacks
     * @throws IOException if the directory has other files, or a file cannot be read or written
     */
    static void writeDelta(
            TrainableClassifier classifier,
            ClassifierSetup setup,
            Map<HeadKind, HeadCalibration> calibrations,
            String baseName,
            String card,
            Path directory)
            throws IOException {
        Adapter adapter = Adapter.of(classifier, setup, baseName);
        ObjectNode config = config(classifier, calibrations);
        try (OutputDirectory output = OutputDirectory.create(directory)) {
            output.write(CARD, card);
            output.writeWeights(Adapter.WEIGHTS, adapter.tensors(classifier.trainedWeights()));
            output.write(Adapter.OWN_FILE, adapter.ownJson(config));
            output.writeLast(Adapter.CONFIG, adapter.configJson());
        }
    }

    /** Returns the settings of the base's tokenizer, with the length that was trained: longer texts were never seen. */
    private static ObjectNode tokenizerSettings(Path base, int maxTokens) throws IOException {
        Path file = base.resolve(TOKENIZER_SETTINGS);
        JsonNode settings = Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
        return ((ObjectNode) settings).put("model_max_length", maxTokens);
    }

    /** Returns the classifier's configuration with the calibrations of its heads, in place of those that the base had. */
    private static ObjectNode config(TrainableClassifier classifier, Map<HeadKind, HeadCalibration> calibrations)
            throws IOException {
        ObjectNode config = (ObjectNode) JSON.readTree(classifier.config());
        config.put("torch_dtype", "float32");
        List<HeadKind> rest = new ArrayList<>(calibrations.keySet());
        for (JsonNode head : config.path("heads")) {
            ObjectNode entry = (ObjectNode) head;
            entry.remove(List.of("temperature", "threshold"));
            HeadKind kind = HeadKind.valueOf(entry.path("kind").asText().toUpperCase(Locale.ROOT));
            HeadCalibration calibration = calibrations.get(kind);
            if (calibration != null) {
                rest.remove(kind);
                entry.put("temperature", calibration.temperature());
                calibration.threshold().ifPresent(threshold -> entry.put("threshold", threshold));
            }
        }
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("calibrations must be of heads of the classifier, but were of " + rest);
        }
        return config;
    }
}
