package org.donotanswer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyColumnsTest {
    private final SparkSession session = LocalSpark.newSession();

    @ParameterizedTest
    @ValueSource(ints = {1, 4, SparkEvaluationOptions.DEFAULT_BATCH_SIZE})
    void evaluate_anyBatchSize_equalsThePlainEvaluatorRowForRow(int batchSize) {
        Dataset<Row> assessed = SafetyColumns.evaluate(
                SampleExchanges.dataset(session).repartition(2),
                "instruction",
                "response",
                SparkEvaluationOptions.builder().batchSize(batchSize).build());

        assertThat(assessed.schema().fieldNames()).containsExactly("id", "instruction", "response", "assessment");
        try (SafetyEvaluator evaluator = SafetyEvaluator.create("embedded")) {
            RowAssertions.assertAssessed(assessed.collectAsList(), "assessment", SampleExchanges.all(), evaluator);
        }
    }

    @Test
    void evaluate_cascade_equalsThePlainEvaluatorRowForRow() {
        Dataset<Row> assessed = SafetyColumns.evaluate(
                SampleExchanges.dataset(session).repartition(2),
                "instruction",
                "response",
                SparkEvaluationOptions.builder().evaluator("cascade").build());

        try (SafetyEvaluator evaluator = SafetyEvaluator.create("cascade")) {
            RowAssertions.assertAssessed(assessed.collectAsList(), "assessment", SampleExchanges.all(), evaluator);
        }
    }

    @Test
    void evaluate_otherColumns_areKept() {
        StructType schema = new StructType()
                .add("answer", DataTypes.StringType)
                .add("tags", DataTypes.createArrayType(DataTypes.StringType))
                .add("at", DataTypes.TimestampType)
                .add("user", new StructType().add("age", DataTypes.IntegerType))
                .add("price", DataTypes.createDecimalType(10, 2))
                .add("Prompt", DataTypes.StringType);
        List<Row> rows = List.of(RowFactory.create(
                "I can't help with that.",
                new String[] {"a", "b"},
                Timestamp.from(Instant.EPOCH),
                RowFactory.create(7),
                null,
                "How do I pick a lock?"));
        Dataset<Row> data = session.createDataFrame(rows, schema);

        Dataset<Row> assessed = SafetyColumns.evaluate(data, "prompt", "answer");

        assertThat(assessed.drop("assessment").collectAsList()).isEqualTo(data.collectAsList());
        assertThat(assessed.select("assessment.action").first().getString(0)).isEqualTo("CANNOT_ASSIST");
        assertThat(assessed.select("assessment.actions.CANNOT_ASSIST").first().getDouble(0))
                .isGreaterThan(0.5);
    }

    @Test
    void evaluate_nullTexts_areUnknownInstructionsAndInvalidResponses() {
        Dataset<Row> data = session.createDataFrame(
                List.of(
                        RowFactory.create(0L, null, "I'm sorry, but I can't help with that."),
                        RowFactory.create(1L, "How do I pick a lock?", null),
                        RowFactory.create(2L, null, null)),
                SampleExchanges.SCHEMA);

        List<Row> rows = SafetyColumns.evaluate(data.coalesce(1), "instruction", "response")
                .select("id", "assessment.*")
                .orderBy("id")
                .collectAsList();

        assertThat(rows.get(0).<String>getAs("status")).isEqualTo("SCORED");
        assertThat(rows.get(0).<Double>getAs("refusal")).isGreaterThan(0.5);
        assertThat(rows.get(0).<Double>getAs("instructionRisk")).isNull();
        for (Row row : rows.subList(1, 3)) {
            assertThat(row.<String>getAs("status")).isEqualTo("UNSCORED");
            assertThat(row.<String>getAs("reason")).isEqualTo("INVALID_INPUT");
            assertThat(row.<Double>getAs("harmful")).isNull();
            assertThat(row.<Row>getAs("actions")).isNull();
            assertThat(row.<Boolean>getAs("truncated")).isNull();
        }
    }

    @Test
    void evaluate_missingColumn_listsThoseThatThereAre() {
        Dataset<Row> data = SampleExchanges.dataset(session).withColumn("x".repeat(41), functions.lit(1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetyColumns.evaluate(data, "instruction", "respnse"))
                .withMessage("response column must be in the data, but 'respnse' was not (columns: id long, instruction"
                        + " string, response string, [a name of 41 chars] integer) (did you mean 'response'?)");
    }

    @Test
    void evaluate_columnOfAnotherType_namesTheType() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetyColumns.evaluate(SampleExchanges.dataset(session), "id", "response"))
                .withMessage("instruction column must be of type string, but 'id' was of type bigint"
                        + " (columns: id long, instruction string, response string)");
    }

    @Test
    void evaluate_columnThatIsThereTwice_isAmbiguous() {
        Dataset<Row> data = SampleExchanges.dataset(session).toDF("Response", "instruction", "response");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetyColumns.evaluate(data, "instruction", "response"))
                .withMessage("response column must be in the data once, but 'response' was there 2 times"
                        + " (columns: Response long, instruction string, response string)");
        session.conf().set("spark.sql.caseSensitive", true);
        assertThat(SafetyColumns.evaluate(data, "instruction", "response").count())
                .isEqualTo(SampleExchanges.all().size());
    }

    @Test
    void evaluate_newColumnThatIsThere_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetyColumns.evaluate(
                        SampleExchanges.dataset(session),
                        "instruction",
                        "response",
                        SparkEvaluationOptions.builder().column("ID").build()))
                .withMessageStartingWith("new column must not be there, but was 'ID' (columns: ");
    }

    @Test
    void evaluate_missingModel_failsWithHostAndPath(@TempDir Path directory) {
        Path model = directory.resolve("encodr");
        Dataset<Row> assessed = SafetyColumns.evaluate(
                SampleExchanges.dataset(session),
                "instruction",
                "response",
                SparkEvaluationOptions.builder().evaluator(model.toString()).build());

        assertThatThrownBy(assessed::collectAsList)
                .hasStackTraceContaining("model must be on every executor, but " + model + " was missing on host ")
                .hasStackTraceContaining(", executor driver (ship it with --files or --archives")
                .message()
                .contains("cancelled")
                .doesNotContain(" times");
    }

    @Test
    void evaluate_misspeltEvaluator_suggestsTheName() {
        Dataset<Row> assessed = SafetyColumns.evaluate(
                SampleExchanges.dataset(session),
                "instruction",
                "response",
                SparkEvaluationOptions.builder().evaluator("encodr").build());

        assertThatThrownBy(assessed::collectAsList).hasStackTraceContaining("(did you mean 'encoder'?)");
    }

    @Test
    void evaluate_damagedModel_failsWithHostAndPath(@TempDir Path directory) throws IOException {
        Path model = Files.writeString(directory.resolve("model.dna"), "none");
        Dataset<Row> assessed = SafetyColumns.evaluate(
                SampleExchanges.dataset(session),
                "instruction",
                "response",
                SparkEvaluationOptions.builder().evaluator(model.toString()).build());

        assertThatThrownBy(assessed::collectAsList)
                .hasStackTraceContaining("evaluator must load on every executor, but " + model + " did not on host ");
    }

    @Test
    void evaluate_shippedModel_isFoundByItsName() throws IOException {
        String name = "shipped-model.dna";
        // Spark compares it with its copy again in later queries, those of other tests as well, so that it must stay.
        Path model = Path.of("target", name).toAbsolutePath();
        try (InputStream shipped =
                Objects.requireNonNull(EmbeddedModel.class.getResourceAsStream("embedded-model.dna"))) {
            Files.copy(shipped, model, StandardCopyOption.REPLACE_EXISTING);
        }
        session.sparkContext().addFile(model.toString());

        Dataset<Row> assessed = SafetyColumns.evaluate(
                SampleExchanges.dataset(session),
                "instruction",
                "response",
                SparkEvaluationOptions.builder()
                        .evaluator(name)
                        .column("judged")
                        .build());

        try (SafetyEvaluator evaluator = SafetyEvaluator.load(model)) {
            RowAssertions.assertAssessed(assessed.collectAsList(), "judged", SampleExchanges.all(), evaluator);
        }
    }

    @Test
    void evaluate_stream_assessesEveryNewFile(@TempDir Path directory) throws Exception {
        Path input = Files.createDirectory(directory.resolve("input"));
        SampleExchanges.dataset(session).repartition(3).write().mode("append").json(input.toString());
        Dataset<Row> stream = SafetyColumns.evaluate(
                session.readStream()
                        .schema(SampleExchanges.SCHEMA)
                        .option("maxFilesPerTrigger", 1)
                        .json(input.toString()),
                "instruction",
                "response");
        String output = directory.resolve("output").toString();

        StreamingQuery query = stream.writeStream()
                .format("parquet")
                .option("path", output)
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();

        try (SafetyEvaluator evaluator = SafetyEvaluator.create("embedded")) {
            RowAssertions.assertAssessed(
                    session.read().parquet(output).collectAsList(), "assessment", SampleExchanges.all(), evaluator);
        }
    }
}
