package org.donotanswer.encoder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * Provides evaluators of the encoder model: the one shipped with the library, or one from a file. On a platform without the
 * native libraries, {@link #createDefault} is an IllegalStateException, unless the system property {@value
 * DefaultEncoder#FALLBACK} is {@value DefaultEncoder#EMBEDDED}: then it returns an evaluator of the embedded model, and says so
 * once in the log. Stateless, hence thread-safe.
 */
public final class EncoderEvaluatorProvider implements EvaluatorProvider {
    private static final int PRIORITY = 10;

    /** What the header of a model's file has near its beginning, and that of no other safetensors file. */
    private static final String MARK = "\"base_sha256\"";

    private static final int HEADER_START = 8;
    private static final int BYTES_READ = 4_096;

    /** Creates the provider; for {@link java.util.ServiceLoader}. */
    public EncoderEvaluatorProvider() {}

    @Override
    public String name() {
        return "encoder";
    }

    /** Returns 10: the encoder is better than the embedded model. */
    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Optional<SafetyEvaluator> createDefault() throws IOException {
        return Optional.of(DefaultEncoder.open());
    }

    /** Returns whether the path is a safetensors file whose header names a base encoder. */
    @Override
    public boolean supports(Path model) throws IOException {
        if (!Files.isRegularFile(model)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(model)) {
            byte[] bytes = in.readNBytes(BYTES_READ);
            return bytes.length > HEADER_START
                    && bytes[HEADER_START] == '{'
                    && new String(bytes, StandardCharsets.ISO_8859_1).contains(MARK);
        }
    }

    @Override
    public SafetyEvaluator load(Path model) throws IOException {
        return EncoderEvaluator.of(EncoderModel.load(model));
    }
}
