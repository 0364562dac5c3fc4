package org.donotanswer.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.jspecify.annotations.Nullable;

/**
 * The SQL function: evaluates one exchange. Spark gives each task its own copy, so that the evaluator is looked for once per
 * task. Thread-safe: copies that look for it twice find the same.
 */
final class AssessFunction implements UDF2<@Nullable Object, @Nullable Object, Row> {
    private static final long serialVersionUID = 1L;

    private final String evaluator;
    private transient volatile @Nullable SafetyEvaluator open;

    AssessFunction(String evaluator) {
        this.evaluator = evaluator;
    }

    /**
     * Returns the assessment.
     *
     * @throws IllegalArgumentException if an argument is neither a string nor null
     * @throws UnavailableEvaluatorException if this process cannot have the evaluator
     */
    @Override
    public Row call(@Nullable Object instruction, @Nullable Object response) {
        String asked = text("instruction", instruction);
        String answered = text("response", response);
        if (answered == null) {
            return AssessmentRows.ofMissingResponse();
        }
        SafetyEvaluator current = open;
        if (current == null) {
            current = ExecutorEvaluators.get(evaluator);
            open = current;
        }
        return AssessmentRows.of(
                current.evaluate(asked == null ? Exchange.responseOnly(answered) : Exchange.of(asked, answered)));
    }

    private static @Nullable String text(String name, @Nullable Object argument) {
        if (argument == null || argument instanceof String) {
            return (String) argument;
        }
        throw new IllegalArgumentException(
                name + " of " + SafetyFunctions.NAME + " must be of type string, but was of type "
                        + argument.getClass().getSimpleName());
    }
}
