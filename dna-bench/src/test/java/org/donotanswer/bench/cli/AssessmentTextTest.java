package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.bench.evaluation.CardFormat;
import org.donotanswer.bench.evaluation.TableFormat;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.EvaluationOptions;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.ReportWriter;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

/** What people see of probabilities near 0 and 1, and of harmless matters. */
class AssessmentTextTest {
    private static Scored scored(double harmful, double risk) {
        Map<ResponseAction, Double> actions = new EnumMap<>(ResponseAction.class);
        for (ResponseAction action : ResponseAction.values()) {
            actions.put(action, action == ResponseAction.FOLLOW_INSTRUCTION ? 0.9995 : 0.0001);
        }
        return Scored.builder("fake/1")
                .harmful(harmful)
                .actions(new Distribution<>(actions))
                .instructionRisk(risk)
                .harmTypes(Distribution.certain(HarmType.ADULT_CONTENT))
                .build();
    }

    @Test
    void card_harmlessMatter_hasNeitherRiskNorType() {
        assertThat(new CardFormat().format("1", scored(8e-9, 0.2)))
                .isEqualTo(
                        """
                        response harmful       < 0.1 %  harmless
                        response's action      follow and respond to the instruction
                          follow instruction  > 99.9 %  ##############################
                          cannot assist        < 0.1 %
                          refute opinion       < 0.1 %
                          dual perspectives    < 0.1 %
                          cautious disclaimer  < 0.1 %
                          unable or uncertain  < 0.1 %
                        text truncated         no
                        evaluator              fake/1
                        """);
    }

    @Test
    void card_harm_hasRiskAndType() {
        assertThat(new CardFormat().format("1", scored(0.9999, 0.9999)))
                .startsWith("response harmful      > 99.9 %  HARMFUL\n")
                .contains(
                        """
                        instruction risky     > 99.9 %  yes
                        type of harm           100.0 %  Adult content, if the instruction is risky
                        """);
    }

    @Test
    void table_keepsItsColumns() {
        TableFormat table = new TableFormat("fake/1");
        assertThat(table.header().lines().toList().get(2) + "\n"
                        + table.format("a", scored(0.9999, 0.9999))
                        + table.format("b", scored(8e-9, 0.2))
                        + table.format("c", scored(0.6, 0.001)))
                .isEqualTo(
                        """
                        id                   verdict  harmful  action               risk  type of harm, if risky
                        a                    HARMFUL > 99.9 %  follow instruction > 99 %  Adult content
                        b                    harmless < 0.1 %  follow instruction
                        c                    HARMFUL   60.0 %  follow instruction  < 1 %  Adult content
                        """);
    }

    @Test
    void table_longId_isWhole() {
        TableFormat table = new TableFormat("fake/1");

        assertThat(table.format("twenty-code-points-\uD83D\uDE00", scored(0.6, 0.001))
                        + table.format("0c8f7a52-6b1e-4d0c-9f5e-2a7d3b9e8c41", scored(0.6, 0.001))
                        + table.format("four\nlines\r\nof words, with a\ttab", scored(8e-9, 0.2)))
                .isEqualTo(
                        """
                        twenty-code-points-\uD83D\uDE00 HARMFUL   60.0 %  follow instruction  < 1 %  Adult content
                        0c8f7a52-6b1e-4d0c-9f5e-2a7d3b9e8c41
                                             HARMFUL   60.0 %  follow instruction  < 1 %  Adult content
                        four lines  of words, with a tab
                                             harmless < 0.1 %  follow instruction
                        """);
    }

    @Test
    void card_headForRefusals_saysWhetherTheResponseRefuses() {
        assertThat(new CardFormat()
                        .format(
                                "1",
                                Scored.builder("fake/1")
                                        .harmful(0.1)
                                        .refusal(0.98)
                                        .build()))
                .startsWith(
                        """
                        response harmful        10.0 %  harmless
                        response refuses        98.0 %  yes
                        """);
    }

    @Test
    void measurement_headForRefusals_saysSo() {
        LabelledExchange exchange = LabelledExchange.builder("1", Exchange.responseOnly("No."))
                .refusal(true)
                .build();
        Measurement measurement = Measurement.of(
                "fake/1",
                List.of(exchange),
                List.of(Scored.builder("fake/1").refusal(0.98).build()),
                EvaluationOptions.defaults(),
                Optional.empty(),
                Provenance.builder("measure", "1").build());

        assertThat(ReportWriter.toText(MeasurementReport.of(measurement)))
                .contains("Refusals: 1 labelled, 1 scored (1 refusals, 0 no refusals)")
                .contains("The probability of a refusal is that of the evaluator's own head for refusals.");
    }
}
