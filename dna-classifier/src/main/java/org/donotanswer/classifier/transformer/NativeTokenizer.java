package org.donotanswer.classifier.transformer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Hugging Face's tokenizer in native code. Its ids are all that is asked for: DJL's own class makes a string and a span of
 * every token, cuts at 512 tokens unless told otherwise, and reports each use to a server.
 *
 * <p>Thread-safe: the native tokenizer is not changed after it is made, and not freed while it is in use.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final long CLOSED = 0;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private long handle;

    private NativeTokenizer(long handle) {
        this.handle = handle;
    }

    /**
     * Makes a tokenizer of the text of a {@code tokenizer.json}, which must be ASCII: a lone surrogate would spoil the rest.
     *
     * @throws RuntimeException if the native code refuses it
     */
    static NativeTokenizer of(String json) {
        LibUtils.checkStatus();
        return new NativeTokenizer(TokenizersLibrary.LIB.createTokenizerFromString(json));
    }

    /** Returns the ids of a text's tokens without any special ones. The text must not hold lone surrogates. */
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
            // the one kind that the native code throws
            throw new TokenizationException("text must be one that the tokenizer reads, but it failed", e);
        }
    }

    /** Fails if this is closed. */
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
