package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.junit.jupiter.api.Test;

class StudentFiguresTest {
    private final List<FineTuningExample> examples = new ArrayList<>();
    private final Map<Exchange, Scored> teacher = new LinkedHashMap<>();
    private final Map<Exchange, Scored> student = new LinkedHashMap<>();

    private void add(double ofTeacher, double ofStudent, Map<HeadKind, List<Double>> label) {
        String response = "Response " + examples.size();
        examples.add(new FineTuningExample("How?", Optional.of(response), label, "", 1));
        teacher.put(
                Exchange.of("How?", response),
                Scored.builder("teacher").harmful(ofTeacher).build());
        student.put(
                Exchange.of("How?", response),
                Scored.builder("student").harmful(ofStudent).build());
    }

    private static Map<HeadKind, List<Double>> label(boolean harmful) {
        return Map.of(HeadKind.HARMFUL, harmful ? List.of(0.0, 1.0) : List.of(1.0, 0.0));
    }

    @Test
    void figures_ofAFewExchanges_areAsComputedByHand() {
        add(0.9, 0.6, label(true));
        add(0.2, 0.7, label(false));
        add(0.8, 0.8, Map.of());
        student.put(
                Exchange.of("Else?", ""), Scored.builder("student").harmful(0.5).build());

        List<StudentFigures> figures = StudentFigures.of(examples, teacher, student);

        assertThat(figures).hasSize(1);
        StudentFigures ofHarm = figures.get(0);
        assertThat(ofHarm.head()).isEqualTo(HeadKind.HARMFUL);
        assertThat(ofHarm.exchanges()).isEqualTo(3);
        assertThat(ofHarm.agreement()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(ofHarm.difference()).isCloseTo((0.3 + 0.5) / 3, within(1e-12));
        StudentFigures.LabelFigures ofTeacher = ofHarm.teacher().orElseThrow();
        assertThat(ofTeacher.labels()).isEqualTo(2);
        assertThat(ofTeacher.logLoss()).isCloseTo(-(Math.log(0.9) + Math.log(0.8)) / 2, within(1e-12));
        assertThat(ofTeacher.auc()).isEqualTo(1);
        assertThat(ofTeacher.macroF1()).isEqualTo(1);
        StudentFigures.LabelFigures ofStudent = ofHarm.student().orElseThrow();
        assertThat(ofStudent.logLoss()).isCloseTo(-(Math.log(0.6) + Math.log(0.3)) / 2, within(1e-12));
        assertThat(ofStudent.auc()).isZero();
        assertThat(ofStudent.macroF1()).isCloseTo((0 + 2 / 3.0) / 2, within(1e-12));
        assertThat(ofHarm.text())
                .isEqualTo(
                        """
                harmful: the same label for 66.67 % of 3 exchanges held out, with probabilities 0.267 apart on average
                  on 2 labels, teacher and student: log loss 0.1643 and 0.8574, AUC 1.000 and 0.000, macro F1 1.000 and 0.333
                """);
    }

    @Test
    void figures_withoutLabels_areThoseOfTheAgreement() {
        add(0.9, 0.9, Map.of());

        assertThat(StudentFigures.of(examples, teacher, student).get(0).text())
                .isEqualTo(
                        "harmful: the same label for 100.00 % of 1 exchanges held out, with probabilities 0.000 apart"
                                + " on average\n");
    }

    @Test
    void figures_withOneLabel_haveNoCurve() {
        add(0.9, 0.9, label(true));

        assertThat(StudentFigures.of(examples, teacher, student).get(0).text()).doesNotContain("AUC");
    }

    @Test
    void figures_ofHeadsThatOneLacks_areAbsent() {
        add(0.9, 0.9, label(true));
        student.replaceAll((exchange, scored) ->
                Scored.builder("student").instructionRisk(0.5).build());

        assertThat(StudentFigures.of(examples, teacher, student)).isEmpty();
    }
}
