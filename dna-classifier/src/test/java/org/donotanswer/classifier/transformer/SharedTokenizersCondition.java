package org.donotanswer.classifier.transformer;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips, or in CI fails, the tests marked {@link SharedTokenizers} where the tokenizers are missing. */
final class SharedTokenizersCondition implements ExecutionCondition {
    /** Returns where the tokenizers should be. */
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
