package org.donotanswer.dataset;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests marked {@link RealData} if the data is missing, or fails them in CI. */
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
        String reason = "real data must exist, but was missing: " + String.join(", ", missing);
        if (ci) {
            // An exception thrown by a condition fails the test or class.
            throw new IllegalStateException(reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
