package org.donotanswer.classifier.transformer;

import ai.djl.engine.EngineException;

/** Checks that the libraries that checkpoints need in addition to this one are present. */
final class NativeLibraries {
    private static final String ADVICE =
            "(add ai.djl.pytorch:pytorch-engine:0.35.1, ai.djl.huggingface:tokenizers:0.35.1,"
                    + " ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1 and ai.djl.pytorch:pytorch-native-cpu:2.7.1 with the classifier of"
                    + " your platform, for example linux-x86_64)";

    private NativeLibraries() {}

    /**
     * Loads PyTorch.
     *
     * @throws IllegalStateException if DJL or the native library is not on the class path; its message lists what to
     *     add
     */
    static void require() {
        try {
            PyTorch.load();
        } catch (LinkageError e) {
            throw new IllegalStateException("DJL must be on the class path, but was not " + ADVICE, e);
        }
    }

    /** Separate, as a class whose methods catch a class of DJL cannot be loaded without DJL. */
    private static final class PyTorch {
        static void load() {
            try {
                Torch.version();
            } catch (EngineException e) {
                throw new IllegalStateException(
                        "PyTorch's native library must be on the class path, but could not be loaded " + ADVICE, e);
            }
        }
    }
}
