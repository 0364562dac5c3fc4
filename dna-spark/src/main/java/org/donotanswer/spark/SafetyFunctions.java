package org.donotanswer.spark;

import org.apache.spark.sql.SparkSession;

/**
 * The SQL function {@value #NAME}{@code (instruction, response)}, which returns the struct that {@link SafetyColumns} describes:
 * {@code SELECT dna_assess(instruction, response).harmful FROM exchanges}. It evaluates exchange by exchange; a column that
 * {@link SafetyColumns} adds is the faster way for checkpoints, which evaluate in batches. {@link DnaSparkExtensions} gives it to
 * every session. Stateless, hence thread-safe.
 */
public final class SafetyFunctions {
    /** The name of the function. */
    public static final String NAME = "dna_assess";

    private SafetyFunctions() {}

    /** Registers the function, with the embedded model, in a session. */
    public static void register(SparkSession session) {
        register(session, SparkEvaluationOptions.DEFAULT_EVALUATOR);
    }

    /**
     * Registers the function, in place of the one that the session has, if any.
     *
     * @param evaluator as in {@link SparkEvaluationOptions#evaluator()}
     * @throws IllegalArgumentException if the evaluator is neither a name nor a path
     */
    public static void register(SparkSession session, String evaluator) {
        EvaluatorSource.check(evaluator);
        FailFast.watch();
        session.udf().register(NAME, new AssessFunction(evaluator), AssessmentRows.TYPE);
    }
}
