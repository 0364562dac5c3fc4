package org.donotanswer.harness.browser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips the tests marked {@link NeedsBrowser} if there is no browser, or fails them if one is required. */
final class BrowserCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean required = "required".equals(System.getenv("DNA_BROWSER"));
        ConditionEvaluationResult result =
                evaluate(List.of(HeadlessChromium.PROGRAM, HeadlessChromium.DRIVER), required);
        if (result.isDisabled()) {
            System.out.println("skipped " + context.getDisplayName() + ": "
                    + result.getReason().orElseThrow());
        }
        return result;
    }

    static ConditionEvaluationResult evaluate(List<Path> programs, boolean required) {
        List<Path> missing =
                programs.stream().filter(each -> !Files.isExecutable(each)).toList();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("browser found");
        }
        String reason = "browser must be installed, but was missing: " + missing;
        if (required) {
            // Thrown from a condition, this fails the test or class.
            throw new IllegalStateException(reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
