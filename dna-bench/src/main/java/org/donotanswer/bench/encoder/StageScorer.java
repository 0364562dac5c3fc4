package org.donotanswer.bench.encoder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.donotanswer.bench.crossvalidation.Holdout;
import org.donotanswer.bench.encoder.StageRecipe.Stages;
import org.donotanswer.bench.quality.Prediction;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.encoder.SecondStage;
import org.donotanswer.encoder.StageInputs;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.ScoredBuilder;

/** Scores recorded examples with a second stage, as the encoder judge does. Pure functions, hence thread-safe. */
final class StageScorer {
    private static final String NAME = "encoder";

    /** The benchmark's examples are in so many groups by question. */
    private static final int QUESTION_GROUPS = 5;

    private StageScorer() {}

    /** Judges a row in a norm. */
    @FunctionalInterface
    interface RowJudge {
        Assessment assess(StageRow row, StageNorm norm);
    }

    /** Returns the judge with one second stage for both norms. */
    static RowJudge of(SecondStage stage, List<HeadKind> heads) {
        return (row, norm) -> assessment(row, norm, stage, heads);
    }

    /**
     * Returns the judge that scores each row by second stages that were fitted on other sources alone, and those of the
     * benchmark by ones that were fitted on other sources and other questions.
     *
     * @param sets the rows of each fold, which are judged, and other rows to fit on
     */
    static RowJudge crossFitted(List<List<StageRow>> sets, List<HeadKind> heads) {
        TreeSet<String> groups = new TreeSet<>();
        sets.forEach(rows -> rows.forEach(row -> groups.add(group(row))));
        Map<String, Stages> stages = new HashMap<>();
        for (String group : groups) {
            List<List<StageRow>> others = new ArrayList<>();
            sets.forEach(rows -> others.add(
                    rows.stream().filter(row -> !group(row).equals(group)).toList()));
            stages.put(group, StageRecipe.fit(others, heads));
        }
        return (row, norm) -> assessment(row, norm, stages.get(group(row)).in(norm), heads);
    }

    private static String group(StageRow row) {
        String source = row.example().source();
        return row.isBenchmark()
                ? source + "/"
                        + Math.floorMod(Holdout.key(row.example().instruction()).hashCode(), QUESTION_GROUPS)
                : source;
    }

    /** Returns the assessments of rows. */
    static List<Prediction> predictions(List<StageRow> rows, StageNorm norm, RowJudge judge) {
        return rows.stream()
                .map(row -> new Prediction(row.example(), judge.assess(row, norm)))
                .toList();
    }

    /** Returns the assessment of one example. */
    static Assessment assessment(StageRow row, StageNorm norm, SecondStage stage, List<HeadKind> heads) {
        Assessment embedded = row.in(norm).embedded();
        if (row.in(norm).inputs().isEmpty()) {
            return embedded;
        }
        StageInputs inputs = row.in(norm).inputs().get();
        List<HeadKind> read = heads.stream().filter(inputs::reads).toList();
        if (read.isEmpty()) {
            return embedded;
        }
        ScoredBuilder builder = Scored.builder(NAME);
        read.forEach(head -> stage.addTo(builder, head, inputs));
        return builder.build();
    }
}
