package org.donotanswer.bench.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.encoder.ReadingWindows;

/**
 * The windows of a fine-tuned classifier, read as in its training. Each is a pass of its own, without padding, as the encoder
 * judge does it. Not thread-safe.
 */
public final class ClassifierWindows implements WindowReader {
    private final TrainableClassifier classifier;
    private final Map<HeadKind, Double> temperatures;

    private ClassifierWindows(TrainableClassifier classifier, Map<HeadKind, Double> temperatures) {
        this.classifier = classifier;
        this.temperatures = Collections.unmodifiableMap(temperatures);
    }

    /**
     * Opens a classifier.
     *
     * @param directory what the training wrote
     * @throws IOException if it cannot be read
     */
    public static ClassifierWindows open(Path directory, int threads) throws IOException {
        JsonNode config =
                new JsonMapper().readTree(directory.resolve("config.json").toFile());
        Map<HeadKind, Double> temperatures = new LinkedHashMap<>();
        for (JsonNode head : config.path("heads")) {
            temperatures.put(
                    HeadKind.valueOf(head.path("kind").asText().toUpperCase(Locale.ROOT)),
                    head.path("temperature").asDouble(1));
        }
        ReadingWindows windows = EncoderRecipe.WINDOWS;
        return new ClassifierWindows(
                ClassifierSetup.builder(directory)
                        .maxTokens(windows.maxTokens())
                        .windows(windows.maxWindows(), windows.overlap())
                        .threads(threads)
                        .build()
                        .open(),
                temperatures);
    }

    @Override
    public Map<HeadKind, Double> temperatures() {
        return temperatures;
    }

    @Override
    public List<float[]> logits(String instruction, String response) {
        List<TokenSequence> windows = classifier.encode(instruction, response).windows();
        return windows.stream()
                .map(window -> classifier.logits(List.of(window))[0])
                .toList();
    }

    @Override
    public void close() {
        classifier.close();
    }
}
