package org.donotanswer.classifier.transformer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;

/** Checks that the libraries that checkpoints need in addition to this one are present. */
final class NativeLibraries {
    private static final String TOKENIZERS_CLASS = "/ai/djl/huggingface/tokenizers/jni/LibUtils.class";
    private static final String TOKENIZERS = "ai.djl.huggingface:tokenizers:0.35.1";
    private static final String ADVICE = "(add ai.djl.pytorch:pytorch-engine:0.35.1, " + TOKENIZERS + ","
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

    /**
     * Loads DJL's tokenizers, without PyTorch.
     *
     * @throws IllegalStateException if they are not on the class path, or have no native library for this platform; its
     *     message says what to add
     */
    static void requireTokenizers() {
        try {
            Tokenizers.load();
        } catch (LinkageError e) {
            // If the library does not suit the platform, the class is found, but fails.
            if (NativeLibraries.class.getResource(TOKENIZERS_CLASS) != null) {
                throw unsupported(e);
            }
            throw new IllegalStateException(
                    "DJL's tokenizers must be on the class path, but were not (add " + TOKENIZERS + ")", e);
        }
    }

    private static IllegalStateException unsupported(Throwable e) {
        return new IllegalStateException(
                "native library of " + TOKENIZERS + " must be one of this platform, but none could be loaded for "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                e);
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

    /** Separate for the same reason. */
    private static final class Tokenizers {
        static void load() {
            try {
                LibUtils.checkStatus();
            } catch (EngineException e) {
                throw unsupported(e);
            }
        }
    }
}
