package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.classifier.weights.WeightTensor;
import org.donotanswer.internal.TemporaryFile;

/**
 * Makes a Longformer, which reads long texts, of a BERT or RoBERTa, without training: Beltagy, Peters and Cohan,
 * "Longformer: The Long-Document Transformer", arXiv 2004.05150, section 5. The position embeddings are copied again and
 * again, attention becomes local apart from the first token, and the first token's own projections start as copies of the
 * others.
 *
 * <p>A text of at most half a window and one token is read as the base reads it, if it has as many positions. Longer ones
 * should be trained on, which {@link ClassifierSetup} does. The head of a RoBERTa classifier is kept; BERT's does not fit
 * Longformer's, so that training starts a new one.
 *
 * <p>Immutable, hence thread-safe.
 *
 * @param base a directory in Hugging Face's layout: an encoder, or a classifier
 * @param positions the maximum number of tokens, including special tokens
 * @param window how many tokens a token attends to, half of them on each side
 * @see <a
 *     href="https://github.com/allenai/longformer/blob/55c1f5f75d6f33b7ee23af0caf0392a52f8d4f4c/scripts/convert_model_to_long.ipynb">the
 *     authors' conversion of RoBERTa</a>
 */
public record LongformerExtension(Path base, int positions, int window) {
    /** The window of the published Longformers. */
    public static final int DEFAULT_WINDOW = 512;

    private static final int MAX_POSITIONS = 65_536;
    private static final String PREFIX = "longformer.";
    private static final String POSITIONS = "embeddings.position_embeddings.weight";
    private static final String WEIGHTS = "model.safetensors";
    /** An empty file in a directory that is not complete. */
    private static final String UNFINISHED = ".unfinished";

    /** Whatever the tokenizer of a BERT or RoBERTa is stored in, besides the files that are changed. */
    private static final List<String> COPIED = List.of(
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "sentencepiece.bpe.model",
            "special_tokens_map.json",
            "added_tokens.json");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the positions are not from 3 to 65,536, or the window is odd, less than 2 or more
     *     than the positions
     */
    public LongformerExtension {
        Objects.requireNonNull(base, "base");
        if (positions < 3 || positions > MAX_POSITIONS) {
            throw new IllegalArgumentException(
                    "positions must be from 3 to " + MAX_POSITIONS + ", but were " + positions);
        }
        if (window < 2 || window % 2 != 0) {
            throw new IllegalArgumentException("window must be even and at least 2, but was " + window);
        }
        if (window > positions) {
            throw new IllegalArgumentException(
                    "window must be at most the positions (" + positions + "), but was " + window);
        }
    }

    /**
     * What a base became. Immutable, hence thread-safe.
     *
     * @param modelType the base's {@code model_type}
     * @param basePositions the maximum number of tokens of the base
     * @param layers the number of layers
     * @param hasHead whether the head of the base was kept
     */
    public record Extended(String modelType, int basePositions, int layers, boolean hasHead) {}

    /**
     * Writes the Longformer, as {@code LongformerForSequenceClassification} if it has the base's head and {@code
     * LongformerModel} if not, with 32-bit weights, and its tokenizer. Its config.json is written last. If this fails,
     * nothing is left.
     *
     * @param directory is new or empty, or was left unfinished as the process was killed
     * @throws CheckpointException if the base is not a BERT or RoBERTa, has more positions, or is incomplete or malformed
     * @throws IOException if the directory holds files, or a file cannot be read or written
     */
    public Extended writeTo(Path directory) throws IOException {
        requireWritable(directory);
        CheckpointConfig config = CheckpointConfig.read(base);
        LongformerConfig extended = LongformerConfig.of(this, config);
        boolean existed = Files.exists(directory);
        List<Path> written = new ArrayList<>();
        try (CheckpointWeights weights = CheckpointWeights.open(base)) {
            Map<String, WeightSource> sources = sources(extended, weights);
            Files.createDirectories(directory);
            written.add(directory.resolve(UNFINISHED));
            Files.write(directory.resolve(UNFINISHED), new byte[0]);
            written.add(directory.resolve(WEIGHTS));
            SafetensorsWriter.write(directory.resolve(WEIGHTS), sources, Map.of("format", "pt"));
            for (String name : COPIED) {
                if (Files.isRegularFile(base.resolve(name))) {
                    write(directory, name, Files.readAllBytes(base.resolve(name)), written);
                }
            }
            write(directory, TokenizerFile.NAME, bytes(extended.tokenizer()), written);
            write(directory, TokenizerSettings.NAME, bytes(extended.tokenizerSettings()), written);
            write(directory, CheckpointConfig.FILE, bytes(extended.root()), written);
            Files.delete(directory.resolve(UNFINISHED));
            written.clear();
        } finally {
            if (!written.isEmpty()) {
                delete(written, directory, existed);
            }
        }
        return extended.summary();
    }

    private static void requireWritable(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException("directory of the model must be a directory, but was a file (" + directory + ")");
        }
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent() && !Files.exists(directory.resolve(UNFINISHED))) {
                throw new IOException(
                        "directory of the model must be new or empty, but held files (" + directory + ")");
            }
        }
    }

    /** Returns the Longformer's tensors by name, all of which have been found in the base in the right shape. */
    private Map<String, WeightSource> sources(LongformerConfig extended, CheckpointWeights weights)
            throws CheckpointException {
        Architecture from = extended.from();
        Map<String, List<Long>> baseShapes =
                from.program(new Kernels(Precision.FLOAT32, false)).weights();
        Map<String, WeightSource> sources = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> entry : extended.to()
                .program(new Kernels(Precision.FLOAT32, false))
                .weights()
                .entrySet()) {
            String name = entry.getKey();
            boolean encoder = name.startsWith(PREFIX);
            if (!encoder && !extended.hasHead()) {
                continue;
            }
            String baseName = encoder
                    ? from.basePrefix() + name.substring(PREFIX.length()).replace("_global.", ".")
                    : name;
            WeightTensor tensor = tensor(baseName, Objects.requireNonNull(baseShapes.get(baseName)), from, weights);
            WeightSource.Values values =
                    name.equals(PREFIX + POSITIONS) ? () -> positions(tensor, extended) : tensor::toFloats;
            // A model without a head is stored under the names of its own class.
            String stored = extended.hasHead() ? name : name.substring(PREFIX.length());
            sources.put(stored, WeightSource.of(entry.getValue(), values));
        }
        return sources;
    }

    private WeightTensor tensor(String name, List<Long> shape, Architecture from, CheckpointWeights weights)
            throws CheckpointException {
        Optional<String> found = WeightMatching.find(from.basePrefix(), name, weights);
        if (found.isEmpty()) {
            throw new CheckpointException(name + " must be in the base, but was missing (" + base + ")");
        }
        WeightTensor tensor = weights.tensor(found.get());
        if (!tensor.shape().equals(shape)) {
            throw new CheckpointException(tensor.name() + " must have shape " + shape + ", but was " + tensor.shape()
                    + " (" + tensor.file() + ")");
        }
        return tensor;
    }

    /**
     * Returns the position embeddings: those before the first position, which no token of a text has, and the base's again
     * and again: [padTokenId + 1 + positions, hiddenSize].
     */
    private float[] positions(WeightTensor tensor, LongformerConfig extended) throws CheckpointException {
        float[] rows = tensor.toFloats();
        int width = extended.to().hiddenSize();
        int basePositions = extended.from().maxTokens();
        int baseStart = rows.length / width - basePositions; // 0 in BERT
        int start = extended.to().padTokenId() + 1;
        float[] all = Arrays.copyOf(
                baseStart > 0 ? Arrays.copyOf(rows, baseStart * width) : new float[0], (start + positions) * width);
        for (int position = 0; position < positions; position++) {
            System.arraycopy(
                    rows, (baseStart + position % basePositions) * width, all, (start + position) * width, width);
        }
        return all;
    }

    private static byte[] bytes(ObjectNode json) throws IOException {
        return JsonFile.write(json).getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Path directory, String name, byte[] bytes, List<Path> written) throws IOException {
        Path file = directory.resolve(name);
        try (TemporaryFile temporary = TemporaryFile.create(file)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                temporary.channel().write(buffer);
            }
            written.add(file);
            temporary.replace();
        }
    }

    private static void delete(List<Path> files, Path directory, boolean existed) throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        if (!existed) {
            Files.deleteIfExists(directory);
        }
    }
}
