package org.donotanswer.bench.comparison;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The artifacts that evaluators are made of. Their sizes are those of their entries on the class path, as the jar of the {@code dna}
 * command has the entries of many. Immutable, hence thread-safe.
 */
public enum Artifact {
    /** What all evaluators share. */
    CORE("org/donotanswer/evaluate/SafetyEvaluator.class", "org/donotanswer/"),
    /** The embedded model, and the code of checkpoints and of LLMs as judge. */
    CLASSIFIER("org/donotanswer/classifier/embedded/embedded-model.dna", "org/donotanswer/classifier/"),
    /** The fine-tuned encoder. */
    ENCODER("org/donotanswer/encoder/encoder-model.safetensors", "org/donotanswer/encoder/"),
    /** JSON. */
    JACKSON_DATABIND("com/fasterxml/jackson/databind/ObjectMapper.class", "com/fasterxml/jackson/databind/"),
    /** JSON. */
    JACKSON_CORE("com/fasterxml/jackson/core/JsonParser.class", "com/fasterxml/jackson/core/"),
    /** JSON. */
    JACKSON_ANNOTATIONS("com/fasterxml/jackson/annotation/JsonProperty.class", "com/fasterxml/jackson/annotation/"),
    /** The pretrained encoder, which the fine-tuned one is a change of. */
    MINILM("all-minilm-l6-v2.onnx", ""),
    /** ONNX Runtime, with the native libraries of all platforms. */
    ONNX_RUNTIME("ai/onnxruntime/OrtEnvironment.class", ""),
    /** DJL's tokenizers, with the native libraries of all platforms. */
    TOKENIZERS("ai/djl/huggingface/tokenizers/HuggingFaceTokenizer.class", ""),
    /** DJL. */
    DJL("ai/djl/Model.class", "ai/djl/"),
    /** What DJL needs. */
    GSON("com/google/gson/Gson.class", "com/google/gson/"),
    /** What DJL needs. */
    JNA("com/sun/jna/Native.class", "com/sun/jna/"),
    /** What DJL needs. */
    COMPRESS("org/apache/commons/compress/archivers/ArchiveEntry.class", "org/apache/commons/compress/"),
    /** DJL's engine for PyTorch. */
    PYTORCH_ENGINE("ai/djl/pytorch/engine/PtEngine.class", "ai/djl/pytorch/"),
    /** DJL's bridge to PyTorch. */
    PYTORCH_JNI("jnilib/pytorch.properties", ""),
    /** PyTorch's native library of one platform. */
    PYTORCH("native/lib/pytorch.properties", ""),
    /** The client of OpenAI-compatible endpoints. */
    LANGCHAIN4J("dev/langchain4j/model/openai/OpenAiChatModel.class", "dev/langchain4j/");

    private static final List<String> CORE_PACKAGES = List.of("evaluate/", "internal/", "metrics/", "taxonomy/");

    private final String marker;
    private final String prefix;

    Artifact(String marker, String prefix) {
        this.marker = marker;
        this.prefix = prefix;
    }

    /** Returns the artifacts of the embedded model. */
    public static Set<Artifact> ofEmbedded() {
        return EnumSet.of(CORE, CLASSIFIER, JACKSON_DATABIND, JACKSON_CORE, JACKSON_ANNOTATIONS);
    }

    /** Returns the artifacts of the encoder, and of the cascade of the embedded model and the encoder. */
    public static Set<Artifact> ofEncoder() {
        return with(ofEmbedded(), ENCODER, MINILM, ONNX_RUNTIME, TOKENIZERS, DJL, GSON, JNA, COMPRESS);
    }

    /** Returns the artifacts of checkpoints. */
    public static Set<Artifact> ofCheckpoints() {
        return with(ofEmbedded(), TOKENIZERS, DJL, GSON, JNA, COMPRESS, PYTORCH_ENGINE, PYTORCH_JNI, PYTORCH);
    }

    /** Returns the artifacts of an LLM as judge. */
    public static Set<Artifact> ofLlmJudge() {
        return with(ofEmbedded(), LANGCHAIN4J);
    }

    private static Set<Artifact> with(Set<Artifact> artifacts, Artifact... more) {
        artifacts.addAll(List.of(more));
        return artifacts;
    }

    /**
     * Returns the size of artifacts on the class path, in bytes: compressed, as far as they are in jars. NaN if one of them is not
     * there.
     *
     * @throws IOException if one cannot be read
     */
    public static double bytes(Collection<Artifact> artifacts) throws IOException {
        // By entry, so that none counts twice: packages of some artifacts are within those of others.
        Map<String, Long> sizes = new HashMap<>();
        for (Artifact artifact : artifacts) {
            URL found = Artifact.class.getClassLoader().getResource(artifact.marker);
            if (found == null) {
                return Double.NaN;
            }
            artifact.addSizes(found, sizes);
        }
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    private void addSizes(URL found, Map<String, Long> sizes) throws IOException {
        URLConnection connection = found.openConnection();
        if (connection instanceof JarURLConnection jar) {
            try (JarFile file = new JarFile(jar.getJarFileURL().getPath())) {
                file.stream()
                        .filter(entry -> hasEntry(entry.getName()))
                        .forEach(entry -> sizes.put(
                                file.getName() + "!" + entry.getName(), Math.max(0, entry.getCompressedSize())));
            }
        } else {
            addSizes(root(found), sizes);
        }
    }

    private void addSizes(Path root, Map<String, Long> sizes) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> hasEntry(name(root, file)))
                    .forEach(file -> sizes.put(file.toString(), size(file)));
        }
    }

    /** Returns the directory of the class path that a resource is in. */
    private Path root(URL found) throws IOException {
        try {
            Path root = Path.of(new URI(found.toString()));
            for (int i = 0; i < marker.split("/").length; i++) {
                root = root.getParent();
            }
            return root;
        } catch (URISyntaxException e) {
            throw new IOException("class path must have names that are URIs, but had none (" + found + ")", e);
        }
    }

    private static String name(Path root, Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean hasEntry(String name) {
        if (!name.startsWith(prefix)) {
            return false;
        }
        return this != CORE || CORE_PACKAGES.stream().anyMatch(each -> name.startsWith(each, prefix.length()));
    }
}
