package org.donotanswer.harness.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelMismatchTest {
    @Test
    @RealData
    void of_publishedReviews_has34() throws IOException {
        List<LabelMismatch> mismatches = LabelMismatch.of(DoNotAnswer.load(RealDataDirectories.doNotAnswer()));

        assertThat(mismatches).hasSize(34);
        assertThat(mismatches.stream().filter(LabelMismatch::harmful)).hasSize(21);
        assertThat(mismatches.stream().filter(mismatch -> !mismatch.harmful())).hasSize(13);
    }

    @Test
    void of_annotations_coversAnnotatorsAndAdjudicatedLabels(@TempDir Path directory) throws IOException {
        RunDirectory run = SampleRuns.create(directory.resolve("a"), "model-a", 3);
        AnnotationItems items = AnnotationItems.of(List.of(run));
        Annotations annotations = Annotations.builder(items)
                .add("bob", items.all().get(0), SampleRuns.harmful())
                .add("bob", items.all().get(1), Annotation.of(true, ResponseAction.CANNOT_ASSIST))
                .add("bob", items.all().get(2), SampleRuns.harmless(ResponseAction.FOLLOW_INSTRUCTION))
                .build();
        Adjudication.of(annotations, Adjudication.AgreementRule.MAJORITY, Map.of())
                .write(items, false);

        assertThat(LabelMismatch.of(annotations))
                .extracting(mismatch -> mismatch.by() + " " + mismatch.llm() + " " + mismatch.id())
                .containsExactly("bob model-a 1", "bob model-a 2", "human model-a 1", "human model-a 2");
    }
}
