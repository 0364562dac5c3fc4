package org.donotanswer.dataset;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips, or in CI fails, the tests marked {@link RealData} where the data is missing. */
final class RealDataCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean ci = "true".equalsIgnoreCase(System.getenv("CI"));
        ConditionEvaluationResult result = evaluate(RealDataDirectories.ofThisRun(), ci);
        if (result.isDisabled()) {
            System.out.println("skipped " + context.getDisplayName() + ": "
                    + result.getReason().orElseThrow());
        }
        return result;
    }

    static ConditionEvaluationResult evaluate(RealDataDirectories directories, boolean ci) {
        List<String> missing = directories.missing();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("real data found");
        }
        String reason = "real data must be found, but was missing: " + String.join(", ", missing);
        if (ci) {
            // Thrown from a condition, this fails the test or class.
            throw new IllegalStateException(reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
