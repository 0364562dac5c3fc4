package org.donotanswer.bench.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.metrics.Averaging;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Scores;

/**
 * How a student compares with its teacher in one head, on exchanges that both scored.
 *
 * @param exchanges the number of exchanges
 * @param agreement the proportion with the same label
 * @param difference the mean of the largest difference of a probability
 * @param teacher how the teacher compares with labels; empty if no exchange has one
 * @param student how the student compares with the same labels
 */
record StudentFigures(
        HeadKind head,
        int exchanges,
        double agreement,
        double difference,
        Optional<LabelFigures> teacher,
        Optional<LabelFigures> student) {
    /** The lowest probability whose logarithm is taken. */
    private static final double LOWEST = 1e-15;

    /**
     * How probabilities compare with labels.
     *
     * @param auc the area under the ROC curve; NaN for a head of several classes, or if all labels are the same
     */
    record LabelFigures(int labels, double logLoss, double auc, double macroF1) {}

    /** An exchange with what is known about it. */
    private record Row(List<Double> teacher, List<Double> student, Optional<List<Double>> label) {}

    /** Returns the figures of all heads that both have. */
    static List<StudentFigures> of(
            List<FineTuningExample> examples, Map<Exchange, Scored> teacher, Map<Exchange, Scored> student) {
        List<StudentFigures> figures = new ArrayList<>();
        for (HeadKind head : HeadKind.values()) {
            List<Row> rows = new ArrayList<>();
            for (FineTuningExample example : examples) {
                Exchange exchange =
                        Exchange.of(example.instruction(), example.response().orElse(""));
                Optional<List<Double>> ofTeacher = target(exchange, teacher, head);
                Optional<List<Double>> ofStudent = target(exchange, student, head);
                if (ofTeacher.isPresent() && ofStudent.isPresent()) {
                    rows.add(new Row(
                            ofTeacher.get(),
                            ofStudent.get(),
                            Optional.ofNullable(example.targets().get(head))));
                }
            }
            if (!rows.isEmpty()) {
                figures.add(of(head, rows));
            }
        }
        return figures;
    }

    private static Optional<List<Double>> target(Exchange exchange, Map<Exchange, Scored> assessments, HeadKind head) {
        return Optional.ofNullable(assessments.get(exchange))
                .map(scored ->
                        FineTuningExample.of(exchange, scored, "").targets().get(head));
    }

    private static StudentFigures of(HeadKind head, List<Row> rows) {
        double same = 0;
        double difference = 0;
        for (Row row : rows) {
            same += label(row.teacher) == label(row.student) ? 1 : 0;
            double largest = 0;
            for (int i = 0; i < row.teacher.size(); i++) {
                largest = Math.max(largest, Math.abs(row.teacher.get(i) - row.student.get(i)));
            }
            difference += largest;
        }
        List<Row> labelled = rows.stream().filter(row -> row.label.isPresent()).toList();
        List<Integer> labels =
                labelled.stream().map(row -> label(row.label.orElseThrow())).toList();
        return new StudentFigures(
                head,
                rows.size(),
                same / rows.size(),
                difference / rows.size(),
                figures(head, labels, labelled.stream().map(Row::teacher).toList()),
                figures(head, labels, labelled.stream().map(Row::student).toList()));
    }

    private static int label(List<Double> target) {
        return target.indexOf(Collections.max(target));
    }

    private static Optional<LabelFigures> figures(
            HeadKind head, List<Integer> labels, List<List<Double>> probabilities) {
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        double loss = 0;
        double[] scores = new double[labels.size()];
        boolean[] outcomes = new boolean[labels.size()];
        List<String> gold = new ArrayList<>();
        List<String> predicted = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            List<Double> row = probabilities.get(i);
            loss -= Math.log(Math.max(LOWEST, row.get(labels.get(i))));
            scores[i] = row.get(1);
            outcomes[i] = labels.get(i) == 1;
            gold.add(head.labels().get(labels.get(i)));
            predicted.add(head.labels().get(label(row)));
        }
        boolean hasCurve = head.labels().size() == 2 && labels.contains(0) && labels.contains(1);
        ClassificationReport<String> report = ClassificationReport.of(
                ConfusionMatrix.of(head.labels(), gold, predicted).withoutAbsentLabels());
        return Optional.of(new LabelFigures(
                scores.length,
                loss / scores.length,
                hasCurve ? Scores.rocAuc(scores, outcomes) : Double.NaN,
                report.average(Averaging.MACRO).f1()));
    }

    /** Returns the figures for people, in one line or two. */
    String text() {
        StringBuilder text = new StringBuilder(NumberFormats.format(
                "%s: the same label for %s of %s exchanges held out, with probabilities %.3f apart on average\n",
                head.configName(), NumberFormats.percent(agreement), NumberFormats.count(exchanges), difference));
        if (teacher.isPresent() && student.isPresent()) {
            LabelFigures ofTeacher = teacher.get();
            LabelFigures ofStudent = student.get();
            text.append(NumberFormats.format(
                    "  on %s labels, teacher and student: log loss %.4f and %.4f, ",
                    NumberFormats.count(ofTeacher.labels), ofTeacher.logLoss, ofStudent.logLoss));
            if (!Double.isNaN(ofTeacher.auc)) {
                text.append(NumberFormats.format("AUC %.3f and %.3f, ", ofTeacher.auc, ofStudent.auc));
            }
            text.append(NumberFormats.format("macro F1 %.3f and %.3f\n", ofTeacher.macroF1, ofStudent.macroF1));
        }
        return text.toString();
    }
}
