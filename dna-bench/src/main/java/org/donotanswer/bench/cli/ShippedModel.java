package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.internal.Sha256;

/** Opens the model that comes with the library, or another model file. Stateless, hence thread-safe. */
final class ShippedModel {
    private static final String RESOURCE = "embedded-model.dna";

    private ShippedModel() {}

    /** Returns the evaluator of a model; the option applies only to the embedded evaluator. */
    static SafetyEvaluator open(Optional<Path> model, Optional<Boolean> checkLanguage) throws IOException {
        SafetyEvaluator evaluator = model.isPresent()
                ? SafetyEvaluator.load(model.get())
                : SafetyEvaluator.create(EvaluatorChoice.EMBEDDED);
        // The embedded evaluator checks the language by default; others do not have the option.
        if (checkLanguage.orElse(true) || !(evaluator instanceof EmbeddedEvaluator)) {
            return evaluator;
        }
        evaluator.close();
        return EmbeddedEvaluator.builder()
                .model(model.isPresent() ? EmbeddedModel.load(model.get()) : EmbeddedModel.shipped())
                .checkLanguage(false)
                .build();
    }

    /** Returns the size of the model's file. */
    static long size(Optional<Path> model) throws IOException {
        return model.isPresent() ? Files.size(model.get()) : bytes().length;
    }

    /** Returns the SHA-256 checksum of the model that comes with the library. */
    static String checksum() throws IOException {
        return Sha256.of(bytes());
    }

    private static byte[] bytes() throws IOException {
        try (InputStream in = EmbeddedModel.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new ModelFormatException("class path must have the embedded model, but was without it");
            }
            return in.readAllBytes();
        }
    }
}
