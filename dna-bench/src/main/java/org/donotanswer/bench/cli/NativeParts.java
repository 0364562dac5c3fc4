package org.donotanswer.bench.cli;

import java.util.List;

/** The parts of the command that a quick build leaves out. Stateless, hence thread-safe. */
final class NativeParts {
    private static final List<String> RESOURCES = List.of(
            "native/lib/pytorch.properties", "jnilib/pytorch.properties", "ai/onnxruntime/OrtEnvironment.class");

    private static final String BUILD = "mvn -DskipTests -pl dna-bench -am package";

    private NativeParts() {}

    /**
     * Checks that the parts are there.
     *
     * @throws IllegalStateException if not; its message says how to build them
     */
    static void require() {
        require(ClassLoader.getSystemClassLoader());
    }

    static void require(ClassLoader loader) {
        if (RESOURCES.stream().anyMatch(resource -> loader.getResource(resource) == null)) {
            throw new IllegalStateException(
                    "lib beside dna.jar must have PyTorch and ONNX Runtime for checkpoints, but was"
                            + " without (a build without -Dquick puts them there: " + BUILD + ")");
        }
    }
}
