package org.donotanswer.harness.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.donotanswer.harness.annotate.ItemSelection.UncertaintyBand;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ItemSelectionTest {
    @TempDir
    private Path directory;

    private AnnotationItems items;

    @BeforeEach
    void create() throws IOException {
        RunDirectory run = SampleRuns.create(directory.resolve("a"), "model-a", 20);
        SampleRuns.review(run, "judge", 0.0, 0.1, 0.5, 0.9, 0.95);
        items = AnnotationItems.of(List.of(run));
    }

    private List<String> ids(ItemSelection selection) throws IOException {
        return selection.of(items).stream().map(AnnotationItem::id).toList();
    }

    private static ItemSelection sample(int size, boolean shuffled, long seed) {
        return new ItemSelection(Optional.empty(), OptionalInt.of(size), shuffled, seed);
    }

    @Test
    void of_sample_dependsOnTheSeedAndKeepsTheOrder() throws IOException {
        List<String> ids = ids(sample(5, false, 1));

        assertThat(ids).hasSize(5).isEqualTo(ids(sample(5, false, 1))).isNotEqualTo(ids(sample(5, false, 2)));
        assertThat(ids.stream().map(Integer::valueOf)).isSorted();
        assertThat(ids(sample(5, true, 1)))
                .containsExactlyInAnyOrderElementsOf(ids)
                .isNotEqualTo(ids);
        assertThat(ids(sample(99, false, 1))).hasSize(20);
    }

    @Test
    void of_uncertain_liesInTheBand() throws IOException {
        assertThat(ids(new ItemSelection(
                        Optional.of(new UncertaintyBand("judge", 0.1, 0.9)), OptionalInt.empty(), false, 1)))
                .containsExactly("1", "2", "3");
    }

    @Test
    void of_unknownReviewer_isAnError() {
        ItemSelection selection =
                new ItemSelection(Optional.of(new UncertaintyBand("other", 0.1, 0.9)), OptionalInt.empty(), false, 1);

        assertThatThrownBy(() -> ids(selection))
                .isInstanceOf(IOException.class)
                .hasMessage("run must have reviews by other, but had none (" + directory.resolve("a")
                        + "; reviewers: [judge])");
    }

    @Test
    void of_runs_areTheSameItems() throws IOException {
        RunDirectory other = SampleRuns.create(directory.resolve("b"), "model-b", 10);
        SampleRuns.review(other, "judge", 0.4, 0.0, 0.2);
        List<RunDirectory> runs = List.of(items.runs().get(0), other);
        UncertaintyBand band = new UncertaintyBand("judge", 0.1, 0.9);

        for (ItemSelection selection : List.of(
                ItemSelection.all(),
                sample(7, false, 1),
                sample(7, true, 1),
                new ItemSelection(Optional.empty(), OptionalInt.empty(), true, 3),
                new ItemSelection(Optional.of(band), OptionalInt.of(4), true, 2))) {
            assertThat(selection.of(runs)).isNotEmpty().isEqualTo(selection.of(AnnotationItems.of(runs)));
        }
    }

    @Test
    void of_runs_responseInTwoRuns_isAnErrorEvenIfNotSelected() throws IOException {
        RunDirectory same = SampleRuns.create(directory.resolve("b"), "model-a", 1);

        assertThatThrownBy(() -> sample(1, false, 1).of(List.of(items.runs().get(0), same)))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "response of an LLM to an instruction must be in one run, but model-a responded to id 0 in two ("
                                + same.path() + ")");
    }

    @Test
    void constructor_badValues_areRefused() {
        assertThatThrownBy(() -> sample(0, false, 1)).hasMessage("sample must be at least 1, but was 0");
        assertThatThrownBy(() -> new UncertaintyBand("judge", 0.9, 0.1))
                .hasMessage("band must be in order in [0, 1], but was 0.9 to 0.1");
    }
}
