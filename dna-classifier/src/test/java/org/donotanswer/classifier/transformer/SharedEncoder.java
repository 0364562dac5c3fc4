package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A tiny checkpoint with a head of each kind, and what a transcription of the reference makes of a text.
 *
 * @param tokenizer how the checkpoint reads a text
 */
record SharedEncoder(CheckpointTokenizer tokenizer, ReferenceModel reference) implements AutoCloseable {
    /** The kinds in the order of the checkpoint's outputs. */
    private static final List<HeadKind> KINDS =
            List.of(HeadKind.HARMFUL, HeadKind.REFUSAL, HeadKind.ACTION, HeadKind.INSTRUCTION_RISK, HeadKind.HARM_TYPE);

    /** Further entries of the heads in config.json: their calibration. */
    private static final Map<HeadKind, String> CALIBRATION = Map.of(
            HeadKind.HARMFUL, ",\"temperature\":1.31,\"threshold\":0.27",
            HeadKind.REFUSAL, ",\"temperature\":0.5",
            HeadKind.ACTION, ",\"temperature\":2,\"threshold\":null",
            HeadKind.INSTRUCTION_RISK, ",\"threshold\":0.8");

    /** Returns a checkpoint of pairs with 24 outputs, to be written. */
    static TinyCheckpoint checkpoint() throws IOException {
        Map<String, String> labels = new LinkedHashMap<>();
        List<String> heads = new ArrayList<>();
        for (HeadKind kind : KINDS) {
            List<Integer> outputs = new ArrayList<>();
            for (String label : kind.labels()) {
                outputs.add(labels.size());
                labels.put("\"" + labels.size() + "\"", "\"" + label + "\"");
            }
            heads.add("{\"kind\":\"" + kind.configName() + "\",\"outputs\":" + outputs
                    + CALIBRATION.getOrDefault(kind, "") + "}");
        }
        String id2label = labels.entrySet().stream()
                .map(label -> label.getKey() + ":" + label.getValue())
                .collect(Collectors.joining(",", "{", "}"));
        return TinyCheckpoint.of("bert")
                .set("id2label", id2label)
                .set("input_format", "\"pair\"")
                .set("heads", heads.toString());
    }

    /** Opens the reference for a directory, reading pairs in at most so many windows of at most so many tokens. */
    static SharedEncoder open(Path directory, int maxTokens, int windows, int overlap) throws IOException {
        TokenizerOptions.Builder options =
                TokenizerOptions.builder().maxTokens(maxTokens).format(InputFormat.PAIR);
        if (windows > 1) {
            options.windows(windows, overlap);
        }
        return new SharedEncoder(CheckpointTokenizer.open(directory, options.build()), ReferenceModel.of(directory));
    }

    /** Returns the reference's logits of each window of an exchange, and the number of tokens of each. */
    List<Window> windows(String instruction, String response) {
        List<Window> windows = new ArrayList<>();
        for (TokenSequence sequence : tokenizer.encode(instruction, response).windows()) {
            int[] mask = new int[sequence.length()];
            Arrays.fill(mask, 1);
            windows.add(new Window(reference.logits(sequence.inputIds(), sequence.typeIds(), mask), sequence.length()));
        }
        return windows;
    }

    /** The logits of a window, [24], and its number of tokens. */
    record Window(double[] logits, int tokens) {
        /** Returns the probability of an event with the outputs {@code first} for its absence and the next one for itself. */
        double event(int first, double temperature, double threshold) {
            double logOdds = (logits[first + 1] - logits[first]) / temperature;
            return 1 / (1 + Math.exp(-logOdds) * threshold / (1 - threshold));
        }

        /** Returns the probabilities of the classes with consecutive outputs. */
        double[] classes(int first, int count, double temperature) {
            double[] probabilities = new double[count];
            double sum = 0;
            for (int i = 0; i < count; i++) {
                probabilities[i] = Math.exp(logits[first + i] / temperature);
                sum += probabilities[i];
            }
            for (int i = 0; i < count; i++) {
                probabilities[i] /= sum;
            }
            return probabilities;
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
