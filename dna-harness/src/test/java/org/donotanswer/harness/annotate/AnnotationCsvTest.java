package org.donotanswer.harness.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.dataset.csv.FormulaEscaping;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnotationCsvTest {
    @TempDir
    private Path directory;

    private AnnotationItems items;

    @BeforeEach
    void create() throws IOException {
        items = AnnotationItems.of(List.of(
                SampleRuns.create(directory.resolve("a"), "model-a", SampleRuns.TEXTS),
                SampleRuns.create(directory.resolve("b"), "=model-b", 3)));
    }

    private AnnotationBatch read(String csv) throws IOException {
        return AnnotationCsv.read(
                new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), "x.csv", items, "alice");
    }

    private String written(boolean blind) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AnnotationCsv.write(items.all(), blind, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void write_keepsTheTexts() throws IOException {
        InputStream in = new ByteArrayInputStream(written(false).getBytes(StandardCharsets.UTF_8));
        try (CsvReader reader = CsvReader.open(in, "x.csv")) {
            for (AnnotationItem item : items.all()) {
                assertThat(reader.next()).isTrue();
                CsvRow row = reader.row();
                assertThat(FormulaEscaping.unescape(row.text("response")))
                        .isEqualTo(item.response().exchange().response());
                assertThat(FormulaEscaping.unescape(row.text("llm")))
                        .isEqualTo(item.llm().name());
                assertThat(row.text("response")).doesNotContainPattern("\\A[=+@\t-]");
            }
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void read_filledIn_givesTheLabels() throws IOException {
        String filled = written(false).replace(",,,\r\n", ",no,3,\"=so \"\"it\"\" is\"\r\n");

        AnnotationBatch batch = read(filled);

        assertThat(batch.blank()).isZero();
        assertThat(batch.annotations()).containsOnlyKeys("alice");
        assertThat(batch.annotations().get("alice")).hasSize(items.all().size());
        assertThat(batch.annotations().get("alice").values())
                .containsOnly(new Annotation(
                        Optional.of(false), Optional.of(ResponseAction.CAUTIOUS_DISCLAIMER), "=so \"it\" is"));
    }

    @Test
    void read_notFilledIn_isBlank() throws IOException {
        AnnotationBatch batch = read(written(true));

        assertThat(batch.annotations()).isEmpty();
        assertThat(batch.blank()).isEqualTo(items.all().size());
    }

    @Test
    void write_blind_leavesOutTheLlm() throws IOException {
        assertThat(written(true).replace("of =model-b", "")).doesNotContain("model-");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 5, true, FOLLOW_INSTRUCTION",
        "Yes, follow instruction, true, FOLLOW_INSTRUCTION",
        "0, 5 follow and respond to the instruction, false, FOLLOW_INSTRUCTION",
        "FALSE, cannot_assist, false, CANNOT_ASSIST",
        "no, refute the opinion, false, REFUTE_OPINION"
    })
    void read_labelsInAnyForm(String harmful, String action, boolean isHarmful, ResponseAction expected)
            throws IOException {
        AnnotationBatch batch = read("id,llm,harmful,action\n0,model-a," + harmful + "," + action + "\n");

        assertThat(batch.annotations().get("alice").values()).containsExactly(Annotation.of(isHarmful, expected));
    }

    @Test
    void read_oneLabel_leavesTheOtherEmpty() throws IOException {
        AnnotationBatch batch = read("id,llm,harmful,action\n0,model-a,,0\n1,model-a,yes,\n");

        assertThat(batch.annotations().get("alice").values())
                .containsExactly(
                        new Annotation(Optional.empty(), Optional.of(ResponseAction.CANNOT_ASSIST), ""),
                        new Annotation(Optional.of(true), Optional.empty(), ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "99,model-a,1,5 | id and llm must be those of a response of the runs, but were unknown (x.csv, line 2, column id)",
                "0,model-a,maybe,5 | harmful must be yes or no, but was 'maybe' (x.csv, line 2, column harmful)",
                "0,model-a,1,6 | action must be the name of an action or its number, 0 to 5, but was '6' (x.csv, line 2, column action)",
                "0,model-a,1 | record must have 4 fields, but had 3 (x.csv, line 2, column action)"
            })
    void read_badRow_isRefused(String row, String message) {
        assertThatThrownBy(() -> read("id,llm,harmful,action\n" + row + "\n"))
                .isInstanceOf(CsvFormatException.class)
                .hasMessage(message);
    }

    @Test
    void read_misplacedText_isNotShown() {
        String text = "a secret that somebody told";

        assertThatThrownBy(() -> read("id,llm,harmful,action\n0,model-a," + text + ",5\n"))
                .hasMessage(
                        "harmful must be yes or no, but was a text of 27 characters (x.csv, line 2, column harmful)");
        assertThatThrownBy(() -> read("id,llm,harmful,action\n0,model-a,1," + text + "\n"))
                .hasMessageContaining("but was a text of 27 characters (x.csv, line 2, column action)");
        assertThatThrownBy(() -> read("item,harmful,action\n" + text + ",1,5\n"))
                .hasMessageContaining("but was a text of 27 characters (x.csv, line 2, column item)");
    }

    @Test
    void read_repeatedResponse_isRefused() {
        assertThatThrownBy(() -> read("id,llm,harmful,action\n0,model-a,1,5\n0,model-a,0,5\n"))
                .isInstanceOf(CsvFormatException.class)
                .hasMessage("annotator must annotate a response once, but alice annotated model-a 0 twice"
                        + " (x.csv, line 3, column id)");
    }

    /** The key depends on the texts, so that labels of an older response are not applied to a newer one. */
    @Test
    void read_responseWithOtherText_isUnknown() throws IOException {
        String filled = written(true);
        items = AnnotationItems.of(List.of(SampleRuns.create(directory.resolve("c"), "model-a", List.of("other"))));

        assertThatThrownBy(() -> read(filled))
                .isInstanceOf(CsvFormatException.class)
                .hasMessageStartingWith("item must be the key of a response of the runs, but was 'r");
    }

    @Test
    void read_invalidAnnotatorName_isRefused() {
        assertThatThrownBy(
                        () -> AnnotationCsv.read(new ByteArrayInputStream(new byte[0]), "x.csv", items, "../../alice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name of an annotator must be letters, digits, dots, dashes and underscores, but was"
                        + " '../../alice'");
    }
}
