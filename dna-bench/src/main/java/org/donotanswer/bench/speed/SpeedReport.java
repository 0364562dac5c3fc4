package org.donotanswer.bench.speed;

import java.util.List;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.Report.Section;

/** Builds reports of an evaluator's speed on this machine. */
final class SpeedReport {
    private SpeedReport() {}

    static Report of(String evaluator, List<KeyFigure> figures, Provenance provenance) {
        return new Report(
                "Speed of " + evaluator,
                Machine.describe(),
                List.of(new Section("speed", "Speed", List.of(new KeyFigures(figures)))),
                provenance);
    }
}
