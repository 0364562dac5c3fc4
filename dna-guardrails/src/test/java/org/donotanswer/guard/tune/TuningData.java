package org.donotanswer.guard.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Creates labelled assessments for tests. */
final class TuningData {
    private TuningData() {}

    static Scored scored(double harmful, HarmType type) {
        return Scored.builder("test")
                .harmful(harmful)
                .harmTypes(Distribution.certain(type))
                .build();
    }

    static Scored scored(double harmful, ResponseAction action) {
        return Scored.builder("test")
                .harmful(harmful)
                .actions(Distribution.certain(action))
                .build();
    }

    static LabelledAssessment answer(double harmful, boolean label) {
        return LabelledAssessment.of(Scored.builder("test").harmful(harmful).build(), label);
    }

    /** Returns harmless responses, scored (from + 1) / 1000, (from + 2) / 1000 and so on. */
    static List<LabelledAssessment> harmless(int from, int count) {
        List<LabelledAssessment> answers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            answers.add(answer((from + i) / 1000.0, false));
        }
        return answers;
    }

    /** Returns responses of all harm types; the harmful ones score higher, by more for types with higher numbers. */
    static List<LabelledAssessment> ofAllTypes(int harmless, int harmful, Random random) {
        List<LabelledAssessment> answers = new ArrayList<>();
        for (int i = 0; i < harmless + harmful; i++) {
            boolean label = i >= harmless;
            HarmType type = HarmType.fromNumber(1 + random.nextInt(HarmType.values().length));
            double score = Math.pow(random.nextDouble(), type.number());
            answers.add(
                    LabelledAssessment.of(scored(label ? Math.max(score, random.nextDouble()) : score, type), label));
        }
        return answers;
    }
}
