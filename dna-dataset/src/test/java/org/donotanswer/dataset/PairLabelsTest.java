package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairLabelsTest {
    @TempDir
    private Path directory;

    private static PreferencePair pair(String question, String preferred, String rejected) {
        return new PreferencePair(
                "made up",
                List.of(
                        new PreferencePair.Message(PreferencePair.Speaker.USER, "Hello"),
                        new PreferencePair.Message(PreferencePair.Speaker.USER, question)),
                preferred,
                rejected);
    }

    private static String id(String instruction, String response) {
        return Sha256.of((instruction + "\0" + response).getBytes(StandardCharsets.UTF_8))
                .substring(0, 16);
    }

    private Path file(String... lines) throws IOException {
        return Files.writeString(directory.resolve("labels.jsonl"), String.join("\n", lines));
    }

    @Test
    void labels_findTheirResponses() throws IOException {
        List<PreferencePair> pairs =
                List.of(pair(" Q one?\n", "No, sorry. ", "Sure"), pair("Q two?", "Ümlaut", "Other"));
        Path file = file(
                "{\"id\":\"" + id("Q two?", "Ümlaut") + "\",\"refusal\":0}",
                "{\"id\":\"" + id("Q one?", "Sure") + "\",\"response_harmful\":1,\"refusal\":0}",
                "{\"id\":\"" + id("Q one?", "No, sorry.") + "\",\"response_harmful\":0,\"refusal\":1}");

        PairLabels labels = PairLabels.load(file);
        ExampleSet set = labels.examples(pairs);

        assertThat(labels.size()).isEqualTo(3);
        assertThat(set.examples())
                .extracting(example ->
                        example.instruction() + "|" + example.response().orElseThrow())
                .containsExactly("Q one?|No, sorry.", "Q one?|Sure", "Q two?|Ümlaut");
        assertThat(set.examples().get(0).harmful()).contains(false);
        assertThat(set.examples().get(0).refusal()).contains(true);
        assertThat(set.examples().get(2).harmful()).isEmpty();
        assertThat(set.sources()).containsExactly(PairLabels.SOURCE);
        assertThat(set.checksums()).containsEntry("labels/labels.jsonl", Sha256.of(file));
        assertThat(labels).hasToString("PairLabels[3 responses]");
    }

    @Test
    void pairsWithTheSameResponse_giveOneExample() throws IOException {
        Path file = file("{\"id\":\"" + id("Q?", "Same") + "\",\"response_harmful\":0}");

        assertThat(PairLabels.load(file)
                        .examples(List.of(pair("Q?", "Same", "Same"), pair("Q?", "Same", "Else")))
                        .examples())
                .hasSize(1);
    }

    @Test
    void labelOfNoResponse_isRefused() throws IOException {
        PairLabels labels = PairLabels.load(file("", "{\"id\":\"0123456789abcdef\",\"refusal\":1}"));

        assertThatThrownBy(() -> labels.examples(List.of(pair("Q?", "Yes", "No"))))
                .isInstanceOf(DatasetFormatException.class)
                .hasMessageContaining("id must be that of a response in the pairs, but was 0123456789abcdef")
                .hasMessageContaining("line 2");
    }

    @Test
    void malformedLines_areRefused() throws IOException {
        assertThatThrownBy(() -> PairLabels.load(file("{\"id\":\"a\"}")))
                .hasMessageContaining("response_harmful or refusal must be given, but neither was");
        assertThatThrownBy(() -> PairLabels.load(file("{\"id\":\"a\",\"refusal\":2}")))
                .hasMessageContaining("refusal must be 0 or 1, but was 2");
        assertThatThrownBy(() -> PairLabels.load(file("{\"id\":\"a\",\"refusal\":1}", "{\"id\":\"a\",\"refusal\":1}")))
                .hasMessageContaining("id must be unique, but was that of line 1");
        assertThatThrownBy(() -> PairLabels.load(file("{\"refusal\":1}")))
                .hasMessageContaining("id must be a string, but was missing");
    }

    @Test
    void sets_areJoined() throws IOException {
        ExampleSet one = PairLabels.load(file("{\"id\":\"" + id("Q?", "A") + "\",\"refusal\":0}"))
                .examples(List.of(pair("Q?", "A", "B")));
        ExampleSet other = ExampleSet.of(
                List.of(LabelledExample.builder("1", "other", "Q?").build()));

        assertThat(one.and(other).examples()).hasSize(2);
        assertThat(one.and(other).checksums()).isEqualTo(one.checksums());
        assertThatThrownBy(() -> one.and(one)).isInstanceOf(IllegalArgumentException.class);
    }
}
