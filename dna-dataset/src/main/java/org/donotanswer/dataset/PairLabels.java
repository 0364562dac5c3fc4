package org.donotanswer.dataset;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.internal.Sha256;

/**
 * Labels of the responses of {@linkplain PreferencePair preference pairs}, whose preferences are relative. The file holds no
 * text: a line has an {@code id}, the first {@value #ID_LENGTH} hexadecimal digits of the SHA-256 of the user's last message, a
 * NUL and the response, both without white space around them in UTF-8; and {@code response_harmful} and {@code refusal} (0 or
 * 1), of which one may be missing or null if it is not known. Immutable, hence thread-safe.
 *
 * <pre>{@code
 * {"id": "0f1e2d3c4b5a6978", "response_harmful": 1, "refusal": 0}
 * }</pre>
 */
public final class PairLabels {
    /** The source of the examples. */
    public static final String SOURCE = "hh-harmless";

    private static final int ID_LENGTH = 16;

    private final Path file;
    private final Map<String, Labels> labels;
    private final String sha256;

    private record Labels(long line, Optional<Boolean> harmful, Optional<Boolean> refusal) {}

    private PairLabels(Path file, Map<String, Labels> labels, String sha256) {
        this.file = file;
        this.labels = Map.copyOf(labels);
        this.sha256 = sha256;
    }

    /**
     * Returns the labels in a file.
     *
     * @throws DatasetFormatException if a line is malformed, has no label, or repeats the id of another
     * @throws IOException if the file cannot be read
     */
    public static PairLabels load(Path file) throws IOException {
        Map<String, Labels> labels = new HashMap<>();
        String sha256 = JsonLines.forEach(file, line -> {
            String id = line.nonBlank("id");
            Labels read =
                    new Labels(line.number(), line.optionalFlag("response_harmful"), line.optionalFlag("refusal"));
            if (read.harmful().isEmpty() && read.refusal().isEmpty()) {
                throw line.error("response_harmful or refusal must be given, but neither was", null);
            }
            Labels first = labels.putIfAbsent(id, read);
            if (first != null) {
                throw line.error("id must be unique, but was that of line " + first.line(), "id");
            }
        });
        return new PairLabels(file, labels, sha256);
    }

    /** Returns the number of responses that are labelled. */
    public int size() {
        return labels.size();
    }

    /**
     * Returns the labelled responses, each with the user's last message as the instruction, in the order of the pairs.
     *
     * @throws DatasetFormatException if a label is of no response in the pairs
     */
    public ExampleSet examples(List<PreferencePair> pairs) throws DatasetFormatException {
        List<LabelledExample> examples = new ArrayList<>();
        Set<String> found = new HashSet<>();
        for (PreferencePair pair : pairs) {
            String instruction = lastMessage(pair).strip();
            for (String response : List.of(pair.preferred(), pair.rejected())) {
                String id = id(instruction, response.strip());
                Labels label = labels.get(id);
                if (label != null && found.add(id)) {
                    examples.add(example(id, instruction, response.strip(), label));
                }
            }
        }
        for (Map.Entry<String, Labels> label : labels.entrySet()) {
            if (!found.contains(label.getKey())) {
                throw new DatasetFormatException(
                        "id must be that of a response in the pairs, but was " + label.getKey(),
                        file,
                        label.getValue().line(),
                        "id");
            }
        }
        return ExampleSet.read(examples, ImmutableMap.of("labels/" + file.getFileName(), sha256));
    }

    private static String lastMessage(PreferencePair pair) {
        return pair.conversation().get(pair.conversation().size() - 1).text();
    }

    private static String id(String instruction, String response) {
        byte[] texts = (instruction + '\0' + response).getBytes(StandardCharsets.UTF_8);
        return Sha256.of(texts).substring(0, ID_LENGTH);
    }

    private static LabelledExample example(String id, String instruction, String response, Labels label) {
        LabelledExample.Builder example = LabelledExample.builder(id, SOURCE, instruction)
                .response(response)
                .licence("MIT")
                .labelledBy("judge:project");
        label.harmful().ifPresent(example::harmful);
        label.refusal().ifPresent(example::refusal);
        return example.build();
    }

    /** Returns the number of labels. */
    @Override
    public String toString() {
        return "PairLabels[" + labels.size() + " responses]";
    }
}
