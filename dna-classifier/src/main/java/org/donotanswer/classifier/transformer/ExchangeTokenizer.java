package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Objects;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * Tokenizes exchanges as pairs for a classifier that reads long responses in windows: in the same way as a checkpoint with the
 * same tokenizer is read, except for responses with more windows than are read. Of those, the first three quarters of the
 * windows are read and, as their end often matters, the last quarter of them; what is between is not. Each window has the
 * instruction, which is cut to half of it if the response needs the rest.
 *
 * <p>Thread-safe. The time for a text is bounded, whatever its length.
 */
public final class ExchangeTokenizer implements AutoCloseable {
    /** One of so many windows is for the end of a response. */
    private static final int WINDOWS_PER_LAST = 4;

    private final CheckpointTokenizer tokenizer;

    private ExchangeTokenizer(CheckpointTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Returns a tokenizer.
     *
     * @param tokenizer the content of {@code tokenizer.json}; it is changed, and must not be used any more
     * @param settings the content of {@code tokenizer_config.json}
     * @param where what messages call the tokenizer
     * @param maxTokens the maximum number of tokens in a window, including special tokens
     * @param overlap the number of response tokens that a window repeats from the previous one
     * @param maxWindows the maximum number of windows
     * @throws CheckpointException if the tokenizer is malformed or of an unsupported kind
     * @throws IllegalArgumentException if the windows are too narrow for the tokenizer, or overlap too much
     * @throws IllegalStateException if DJL's tokenizers are not on the class path, or do not work on this platform
     */
    public static ExchangeTokenizer of(
            ObjectNode tokenizer, ObjectNode settings, String where, int maxTokens, int overlap, int maxWindows)
            throws IOException {
        Objects.requireNonNull(where, "where");
        TokenizerOptions options = TokenizerOptions.builder()
                .maxTokens(maxTokens)
                .format(InputFormat.PAIR)
                .windows(maxWindows, overlap)
                .lastWindows(maxWindows / WINDOWS_PER_LAST)
                .build();
        NativeLibraries.requireTokenizers();
        TokenizerSettings read = TokenizerSettings.of(settings, where);
        TokenizerFile file = TokenizerFile.of(tokenizer, read, AddedTokens.OtherFiles.NONE, where);
        return new ExchangeTokenizer(CheckpointTokenizer.of(file, read, options, where));
    }

    /**
     * Returns the tokens of an exchange.
     *
     * @param response possibly empty, if the instruction alone is to be read
     * @throws TokenizationException if the tokenizer fails on the exchange
     * @throws IllegalStateException if this tokenizer is closed
     */
    public EncodedText encode(String instruction, String response) {
        return tokenizer.encode(instruction, response);
    }

    /** Releases the native memory. Further calls have no effect. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
