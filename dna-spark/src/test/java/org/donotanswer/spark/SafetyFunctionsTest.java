package org.donotanswer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyFunctionsTest {
    private final SparkSession session = LocalSpark.newSession();

    @BeforeEach
    void createView() {
        SampleExchanges.dataset(session).createOrReplaceTempView("exchanges");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void assess_everyRow_equalsThePlainEvaluator(boolean registered) {
        if (registered) {
            SafetyFunctions.register(session);
        }

        try (SafetyEvaluator evaluator = SafetyEvaluator.create("embedded")) {
            RowAssertions.assertAssessed(
                    session.sql("SELECT id, dna_assess(instruction, response) AS a FROM exchanges")
                            .collectAsList(),
                    "a",
                    SampleExchanges.all(),
                    evaluator);
        }
    }

    @Test
    void assess_fields_canBeAskedFor() {
        Row row = session.sql("SELECT count(*), max(a.actions.FOLLOW_INSTRUCTION) FROM"
                        + " (SELECT dna_assess(instruction, response) AS a FROM exchanges)"
                        + " WHERE a.harmful >= 0.5 OR a.reason = 'NO_WORDS'")
                .first();

        assertThat(row.getLong(0)).isGreaterThanOrEqualTo(2);
        assertThat(row.getDouble(1)).isBetween(0.0, 1.0);
    }

    @Test
    void assess_nulls_areUnknownInstructionsAndInvalidResponses() {
        Row row = session.sql(
                        "SELECT dna_assess(NULL, 'I cannot help with that.').status, dna_assess('How?', NULL).reason")
                .first();

        assertThat(row.getString(0)).isEqualTo("SCORED");
        assertThat(row.getString(1)).isEqualTo("INVALID_INPUT");
    }

    @Test
    void assess_evaluatorOfTheSession_isTaken(@TempDir Path directory) {
        Path model = directory.resolve("absent");
        session.conf().set(DnaSparkExtensions.EVALUATOR_KEY, model.toString());

        assertThatThrownBy(() -> session.sql("SELECT dna_assess(instruction, response) FROM exchanges")
                        .collectAsList())
                .hasStackTraceContaining("model must be on every executor, but " + model + " was missing on host ");
    }

    @Test
    void register_evaluator_isTaken(@TempDir Path directory) {
        Path model = directory.resolve("absent");
        SafetyFunctions.register(session, model.toString());

        assertThatThrownBy(() -> session.sql("SELECT dna_assess(instruction, response) FROM exchanges")
                        .collectAsList())
                .hasStackTraceContaining("model must be on every executor, but " + model + " was missing on host ");
    }

    @Test
    void assess_otherArguments_areRefusedWhenTheQueryIsAnalysed() {
        assertThatThrownBy(() -> session.sql("SELECT dna_assess(id, response) FROM exchanges"))
                .hasStackTraceContaining("instruction of dna_assess must be of type string, but was of type bigint");
        assertThatThrownBy(() -> session.sql("SELECT dna_assess(response) FROM exchanges"))
                .hasStackTraceContaining("dna_assess must have 2 arguments, instruction and response, but had 1");
    }

    @Test
    void assess_otherArgumentsOfTheRegisteredFunction_areRefused() {
        SafetyFunctions.register(session);

        assertThatThrownBy(() -> session.sql("SELECT dna_assess(instruction, id) FROM exchanges")
                        .collectAsList())
                .hasStackTraceContaining("response of dna_assess must be of type string, but was of type Long");
    }

    @Test
    void describe_function_saysWhatItReturns() {
        assertThat(session.sql("DESCRIBE FUNCTION dna_assess").collectAsList().toString())
                .contains("dna_assess(instruction, response) - Returns how safe the response is, as a struct.");
    }
}
