package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a checkpoint: named tensors, read from safetensors files, from files that {@code torch.save} wrote, or
 * from ONNX files. Only tensors are built from a pickle: anything else that it refers to is refused and never executed.
 *
 * <p>Files are memory-mapped rather than copied, and validated completely on opening. {@link #close()} releases these
 * weights, but a {@link WeightTensor} obtained from them stays valid; a file is unmapped once the last buffer over it
 * has been garbage-collected. Files must not be changed or truncated until then. Thread-safe.
 */
public final class CheckpointWeights implements AutoCloseable {
    private static final String SAFETENSORS = "model.safetensors";
    private static final String TORCH = "pytorch_model.bin";
    private static final String INDEX = ".index.json";

    private final List<Path> files;
    private final Map<String, String> metadata;
    private volatile @Nullable SortedMap<String, WeightTensor> tensors;

    private CheckpointWeights(Collection<Path> files, SortedMap<String, WeightTensor> tensors) {
        this(files, new SafetensorsReader.Content(tensors, Map.of()));
    }

    private CheckpointWeights(Collection<Path> files, SafetensorsReader.Content content) {
        this.files = List.copyOf(files);
        tensors = Collections.unmodifiableSortedMap(content.tensors());
        metadata = Collections.unmodifiableMap(content.metadata());
    }

    /**
     * Returns the weights in a checkpoint's directory. Of the following, the first that exists is read:
     * {@code model.safetensors}, the shards listed in {@code model.safetensors.index.json}, {@code pytorch_model.bin},
     * the shards listed in {@code pytorch_model.bin.index.json}.
     *
     * @throws CheckpointException if none of them exists, or the file or one of its shards is malformed
     * @throws IOException if the directory does not exist, or a file cannot be read
     */
    public static CheckpointWeights open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw Files.exists(directory)
                    ? new NotDirectoryException(directory.toString())
                    : new NoSuchFileException(directory.toString());
        }
        Path safetensors = directory.resolve(SAFETENSORS);
        if (Files.isRegularFile(safetensors)) {
            return new CheckpointWeights(List.of(safetensors), CheckpointFiles.readSafetensors(safetensors));
        }
        Path safetensorsIndex = directory.resolve(SAFETENSORS + INDEX);
        if (Files.isRegularFile(safetensorsIndex)) {
            return ofShards(ShardIndex.read(safetensorsIndex, shard -> CheckpointFiles.readSafetensors(shard)
                    .tensors()));
        }
        Path torch = directory.resolve(TORCH);
        if (Files.isRegularFile(torch)) {
            return new CheckpointWeights(List.of(torch), CheckpointFiles.readTorch(torch));
        }
        Path torchIndex = directory.resolve(TORCH + INDEX);
        if (Files.isRegularFile(torchIndex)) {
            return ofShards(ShardIndex.read(torchIndex, CheckpointFiles::readTorch));
        }
        throw new CheckpointException("checkpoint must have " + SAFETENSORS + ", " + SAFETENSORS + INDEX + ", " + TORCH
                + " or " + TORCH + INDEX + ", but had none of them (" + directory + ")");
    }

    /**
     * Returns the weights in one file, whose format is detected from its content.
     *
     * @throws CheckpointException if the file is malformed
     * @throws IOException if it cannot be read
     */
    public static CheckpointWeights openFile(Path file) throws IOException {
        return new CheckpointWeights(List.of(file), CheckpointFiles.read(file));
    }

    /**
     * Returns the weights of a BERT encoder in an ONNX file that PyTorch exported, under the names and with the shapes
     * of Hugging Face's {@code BertModel} without its pooler: {@code encoder.layer.0.output.dense.weight} and so on.
     *
     * @throws CheckpointException if the file is malformed, keeps its tensors outside, or is not such an encoder
     * @throws IOException if it cannot be read
     */
    public static CheckpointWeights openOnnx(Path file) throws IOException {
        return new CheckpointWeights(List.of(file), OnnxBert.tensors(OnnxReader.read(file)));
    }

    /**
     * Returns the weights of a BERT encoder in the content of an ONNX file, like {@link #openOnnx}.
     *
     * @param model a direct buffer from the first to the last byte, which must not be changed; its position and limit
     *     are kept
     * @param file the name that the file has for users
     * @throws IllegalArgumentException if the buffer is not direct
     * @throws CheckpointException if the file is malformed, keeps its tensors outside, or is not such an encoder
     */
    public static CheckpointWeights ofOnnx(ByteBuffer model, Path file) throws CheckpointException {
        if (!model.isDirect()) {
            throw new IllegalArgumentException("model must be a direct buffer, but was a buffer on the heap");
        }
        return new CheckpointWeights(List.of(file), OnnxBert.tensors(OnnxReader.read(model, file)));
    }

    /**
     * Returns the weights in the content of a safetensors file.
     *
     * @param content a direct buffer from the first to the last byte, which must not be changed; its position and limit
     *     are kept
     * @param file the name that the file has for users
     * @throws IllegalArgumentException if the buffer is not direct
     * @throws CheckpointException if the file is malformed
     * @throws IOException if it cannot be read
     */
    public static CheckpointWeights ofSafetensors(ByteBuffer content, Path file) throws IOException {
        if (!content.isDirect()) {
            throw new IllegalArgumentException("content must be a direct buffer, but was a buffer on the heap");
        }
        return new CheckpointWeights(List.of(file), SafetensorsReader.read(content, file));
    }

    private static CheckpointWeights ofShards(SortedMap<String, WeightTensor> tensors) {
        List<Path> files = tensors.values().stream()
                .map(WeightTensor::file)
                .distinct()
                .sorted()
                .toList();
        return new CheckpointWeights(files, tensors);
    }

    /**
     * Returns the names of the tensors, sorted.
     *
     * @throws IllegalStateException if these weights are closed
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors().keySet());
    }

    /**
     * Returns whether there is a tensor with the given name.
     *
     * @throws IllegalStateException if these weights are closed
     */
    public boolean contains(String name) {
        return tensors().containsKey(Objects.requireNonNull(name, "name"));
    }

    /**
     * Returns the tensor with the given name.
     *
     * @throws CheckpointException if there is none
     * @throws IllegalStateException if these weights are closed
     */
    public WeightTensor tensor(String name) throws CheckpointException {
        WeightTensor tensor = tensors().get(Objects.requireNonNull(name, "name"));
        if (tensor == null) {
            String where = files.stream().map(FileErrors::name).collect(Collectors.joining(", "));
            throw new FileErrors(where).invalid(name, "must be in the checkpoint", "missing");
        }
        return tensor;
    }

    /**
     * Returns the files that hold the tensors, sorted.
     *
     * @throws IllegalStateException if these weights are closed
     */
    public List<Path> files() {
        tensors();
        return files;
    }

    /**
     * Returns the entries of the header of a single safetensors file that are not tensors, in their order; empty for other
     * files.
     *
     * @throws IllegalStateException if these weights are closed
     */
    public Map<String, String> metadata() {
        tensors();
        return metadata;
    }

    /** Releases these weights. Further calls have no effect. */
    @Override
    public void close() {
        tensors = null;
    }

    private SortedMap<String, WeightTensor> tensors() {
        SortedMap<String, WeightTensor> open = tensors;
        if (open == null) {
            throw new IllegalStateException("CheckpointWeights is closed");
        }
        return open;
    }
}
