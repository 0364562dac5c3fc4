package org.donotanswer.classifier.transformer;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips the tests marked {@link SharedTokenizers}, or fails them in CI, if the tokenizers are missing. */
final class SharedTokenizersCondition implements ExecutionCondition {
    /** Returns the directory where the tokenizers are expected. */
    static Path directory() {
        String property = System.getProperty("dna.tokenizers", "");
        Path directory = property.isBlank()
                ? Path.of(System.getProperty("dna.root", "."), "..", "shared", "tokenizers")
                : Path.of(property);
        return directory.toAbsolutePath().normalize();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Files.isDirectory(directory())) {
            return ConditionEvaluationResult.enabled("tokenizers found");
        }
        String reason =
                "real tokenizers must be found, but were missing: dna.tokenizers (" + directory() + " is no directory)";
        if ("true".equalsIgnoreCase(System.getenv("CI"))) {
            // Thrown from a condition, this fails the class.
            throw new IllegalStateException(reason);
        }
        System.out.println("skipped " + context.getDisplayName() + ": " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }
}
