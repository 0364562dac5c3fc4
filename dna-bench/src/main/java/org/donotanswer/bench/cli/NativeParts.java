package org.donotanswer.bench.cli;

import java.util.List;

/** The parts of the command that lie beside it, some of which a quick build leaves out. Stateless, hence thread-safe. */
final class NativeParts {
    private static final List<String> PYTORCH = List.of("native/lib/pytorch.properties", "jnilib/pytorch.properties");
    private static final List<String> ENCODER = List.of(
            "ai/onnxruntime/OrtEnvironment.class",
            "ai/djl/huggingface/tokenizers/HuggingFaceTokenizer.class",
            "all-minilm-l6-v2.onnx");

    private static final String BUILD = "mvn -DskipTests -pl dna-bench -am package";

    private NativeParts() {}

    /**
     * Checks that what checkpoints need is there.
     *
     * @throws IllegalStateException if not; its message says how to build them
     */
    static void require() {
        require(ClassLoader.getSystemClassLoader());
    }

    static void require(ClassLoader loader) {
        if (!has(loader, PYTORCH)) {
            throw new IllegalStateException("lib beside dna.jar must have PyTorch for checkpoints, but was"
                    + " without (a build without -Dquick puts it there: " + BUILD + ")");
        }
    }

    /**
     * Checks that what the encoder needs is there.
     *
     * @throws IllegalStateException if not; its message says what to do
     */
    static void requireEncoder() {
        requireEncoder(ClassLoader.getSystemClassLoader());
    }

    static void requireEncoder(ClassLoader loader) {
        if (!has(loader, ENCODER)) {
            throw new IllegalStateException("lib beside dna.jar must have ONNX Runtime, tokenizers and MiniLM for the"
                    + " encoder, but was without (keep dna.jar and lib together)");
        }
    }

    private static boolean has(ClassLoader loader, List<String> resources) {
        return resources.stream().allMatch(resource -> loader.getResource(resource) != null);
    }
}
