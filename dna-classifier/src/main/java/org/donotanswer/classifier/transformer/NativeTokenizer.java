package org.donotanswer.classifier.transformer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Hugging Face's tokenizer in native code, reduced to token ids. DJL's own class creates a string and a span for every
 * token, truncates at 512 tokens by default, and reports each use to a server.
 *
 * <p>Thread-safe: the native tokenizer does not change after its creation, and is not released while it is in use.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final long CLOSED = 0;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private long handle;

    private NativeTokenizer(long handle) {
        this.handle = handle;
    }

    /**
     * Creates a tokenizer from the text of a {@code tokenizer.json}, which must be ASCII, as a lone surrogate would
     * corrupt the rest.
     *
     * @throws RuntimeException if the native code rejects it
     */
    static NativeTokenizer of(String json) {
        LibUtils.checkStatus();
        return new NativeTokenizer(TokenizersLibrary.LIB.createTokenizerFromString(json));
    }

    /** Returns the ids of a text's tokens, without special tokens. The text must not contain lone surrogates. */
    long[] encode(String text) {
        lock.readLock().lock();
        try {
            requireOpen();
            long encoding = encoding(text);
            try {
                return TokenizersLibrary.LIB.getTokenIds(encoding);
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private long encoding(String text) {
        try {
            return TokenizersLibrary.LIB.encode(handle, text, false);
        } catch (RuntimeException e) {
            // The native code throws no other type.
            throw new TokenizationException("tokenizer must accept the text, but failed", e);
        }
    }

    /** Throws if this tokenizer is closed. */
    void requireOpen() {
        if (handle == CLOSED) {
            throw new IllegalStateException("CheckpointTokenizer is closed");
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (handle != CLOSED) {
                TokenizersLibrary.LIB.deleteTokenizer(handle);
                handle = CLOSED;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
