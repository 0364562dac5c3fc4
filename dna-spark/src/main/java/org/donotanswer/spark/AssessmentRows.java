package org.donotanswer.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/** Assessments as rows of Spark. Stateless, hence thread-safe. */
final class AssessmentRows {
    static final String STATUS = "status";
    static final String REASON = "reason";
    static final String HARMFUL = "harmful";
    static final String REFUSAL = "refusal";
    static final String ACTION = "action";
    static final String ACTIONS = "actions";
    static final String INSTRUCTION_RISK = "instructionRisk";
    static final String HARM_TYPE = "harmType";
    static final String TRUNCATED = "truncated";
    static final String EVALUATOR = "evaluator";

    static final String SCORED = "SCORED";
    static final String UNSCORED = "UNSCORED";

    /** The type of the rows. Actions are a struct, whose names are checked when a query is analysed, unlike those of a map. */
    static final StructType TYPE = DataTypes.createStructType(List.of(
            field(STATUS, DataTypes.StringType),
            field(REASON, DataTypes.StringType),
            field(HARMFUL, DataTypes.DoubleType),
            field(REFUSAL, DataTypes.DoubleType),
            field(ACTION, DataTypes.StringType),
            field(ACTIONS, actions()),
            field(INSTRUCTION_RISK, DataTypes.DoubleType),
            field(HARM_TYPE, DataTypes.StringType),
            field(TRUNCATED, DataTypes.BooleanType),
            field(EVALUATOR, DataTypes.StringType)));

    private AssessmentRows() {}

    private static StructField field(String name, DataType type) {
        return DataTypes.createStructField(name, type, true);
    }

    private static StructType actions() {
        List<StructField> fields = new ArrayList<>();
        for (ResponseAction action : ResponseAction.values()) {
            fields.add(field(action.name(), DataTypes.DoubleType));
        }
        return DataTypes.createStructType(fields);
    }

    static Row of(Assessment assessment) {
        return assessment instanceof Assessment.Scored scored
                ? scored(scored)
                : unscored(((Assessment.Unscored) assessment).reason());
    }

    /** Returns the row of a response that is null: not an exchange at all. */
    static Row ofMissingResponse() {
        return unscored(UnscoredReason.INVALID_INPUT);
    }

    private static Row scored(Assessment.Scored scored) {
        return RowFactory.create(
                SCORED,
                null,
                value(scored.harmful()),
                value(scored.refusalProbability()),
                scored.action().map(Enum::name).orElse(null),
                scored.actions().map(AssessmentRows::probabilities).orElse(null),
                value(scored.instructionRisk()),
                scored.harmType().map(Enum::name).orElse(null),
                scored.truncated(),
                scored.evaluator());
    }

    private static Row unscored(UnscoredReason reason) {
        return RowFactory.create(UNSCORED, reason.name(), null, null, null, null, null, null, null, null);
    }

    private static Row probabilities(Distribution<ResponseAction> actions) {
        // In the order of the constants, as the fields are.
        return RowFactory.create(actions.probabilities().values().toArray());
    }

    private static @Nullable Double value(OptionalDouble probability) {
        return probability.isPresent() ? (Double) probability.getAsDouble() : null;
    }
}
