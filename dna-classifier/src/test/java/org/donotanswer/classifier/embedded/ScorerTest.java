package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.donotanswer.classifier.embedded.training.TinyModel;
import org.donotanswer.evaluate.Exchange;
import org.junit.jupiter.api.Test;

class ScorerTest {
    @Test
    void score_anInstruction_isNotKeptFromTheGarbageCollector() {
        Scorer scorer = new Scorer(
                TinyModel.get().parameters(), TinyModel.get().parameters().general(), "tiny", false);
        WeakReference<String> instruction = scored(scorer);
        for (int i = 0; i < 100 && instruction.get() != null; i++) {
            System.gc();
        }
        assertThat(instruction.get()).isNull();
        assertThat(scorer.score(new Exchange("How do locks work?", "With pins."))
                        .isScored())
                .isTrue();
    }

    private static WeakReference<String> scored(Scorer scorer) {
        String instruction = "How do locks work? ".repeat(100);
        assertThat(scorer.score(new Exchange(instruction, "With pins.")).isScored())
                .isTrue();
        return new WeakReference<>(instruction);
    }
}
