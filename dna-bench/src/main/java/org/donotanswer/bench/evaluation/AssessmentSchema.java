package org.donotanswer.bench.evaluation;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** The columns of assessments in Parquet: the members of their JSON. Stateless, hence thread-safe. */
final class AssessmentSchema {
    /** The schema in Parquet's notation. */
    static final String PARQUET = "message assessments {\n"
            + "required binary id (STRING);\n"
            + "required binary status (STRING);\n"
            + "optional binary reason (STRING);\n"
            + "optional binary detail (STRING);\n"
            + "optional double harmful;\n"
            + "optional binary action (STRING);\n"
            + "optional group actions {" + probabilities(ResponseAction.values()) + "}\n"
            + "optional double refusal;\n"
            + "optional double instructionRisk;\n"
            + "optional binary harmType (STRING);\n"
            + "optional group harmTypes {" + probabilities(HarmType.values()) + "}\n"
            + "optional boolean truncated;\n"
            + "optional binary evaluator (STRING);\n"
            + "optional int32 thinkingChars;\n"
            + "optional binary file (STRING);\n"
            + "}";

    private AssessmentSchema() {}

    private static String probabilities(Enum<?>[] labels) {
        return Arrays.stream(labels)
                .map(label -> "optional double " + label.name() + ";")
                .collect(Collectors.joining(" "));
    }
}
