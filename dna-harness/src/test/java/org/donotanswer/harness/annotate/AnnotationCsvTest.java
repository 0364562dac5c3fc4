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
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.dataset.csv.FormulaEscaping;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableSettings;
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
        return AnnotationReader.read(
                TableReader.open(
                        new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), "x.csv", TableSettings.DEFAULT),
                items,
                "alice");
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
    void read_badRow_isRejectedAlone(String row, String message) throws IOException {
        AnnotationBatch batch = read("id,llm,harmful,action\n" + row + "\n1,model-a,1,5\n");

        assertThat(batch.rejected()).containsExactly(message);
        assertThat(batch.annotations().get("alice")).hasSize(1);
    }

    @Test
    void read_misplacedText_isNotShown() throws IOException {
        String text = "a secret that somebody told";

        assertThat(read("id,llm,harmful,action\n0,model-a," + text + ",5\n").rejected())
                .containsExactly(
                        "harmful must be yes or no, but was a text of 27 characters (x.csv, line 2, column harmful)");
        assertThat(read("id,llm,harmful,action\n0,model-a,1," + text + "\n")
                        .rejected()
                        .get(0))
                .contains("but was a text of 27 characters (x.csv, line 2, column action)");
        assertThat(read("item,harmful,action\n" + text + ",1,5\n").rejected().get(0))
                .contains("but was a text of 27 characters (x.csv, line 2, column item)");
    }

    @Test
    void read_repeatedResponse_countsTheLastOne() throws IOException {
        AnnotationBatch batch = read("id,llm,harmful,action\n0,model-a,1,5\n0,model-a,0,5\n");

        assertThat(batch.superseded()).isEqualTo(1);
        assertThat(batch.annotations().get("alice").values())
                .containsExactly(Annotation.of(false, ResponseAction.FOLLOW_INSTRUCTION));
    }

    @Test
    void read_repeatedResponseWithTimes_countsTheLatest() throws IOException {
        AnnotationBatch batch = read(
                """
                id,llm,harmful,action,updated_at
                0,model-a,1,5,2024-05-02T10:00:00.5Z
                0,model-a,0,5,2024-05-01 23:00:00
                """);

        assertThat(batch.superseded()).isEqualTo(1);
        assertThat(batch.annotations().get("alice").values())
                .containsExactly(Annotation.of(true, ResponseAction.FOLLOW_INSTRUCTION));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0, 5.0, false, FOLLOW_INSTRUCTION",
        "'1,0', '0,00', true, CANNOT_ASSIST",
        "True, 1.0, true, REFUTE_OPINION"
    })
    void read_labelsWithDecimals(String harmful, String action, boolean isHarmful, ResponseAction expected)
            throws IOException {
        AnnotationBatch batch = read("id;llm;harmful;action\n0.0;model-a;" + harmful + ";" + action + "\n");

        assertThat(batch.annotations().get("alice").values()).containsExactly(Annotation.of(isHarmful, expected));
    }

    @Test
    void read_missingValuesOfPrograms_areBlank() throws IOException {
        assertThat(read("id,llm,harmful,action\n0,model-a,nan,NaN\n1,model-a,None,<NA>\n2,model-a,#N/A,null\n")
                        .blank())
                .isEqualTo(3);
    }

    /** The key depends on the texts, so that labels of an older response are not applied to a newer one. */
    @Test
    void read_responseWithOtherText_isUnknown() throws IOException {
        String filled = written(true);
        items = AnnotationItems.of(List.of(SampleRuns.create(directory.resolve("c"), "model-a", List.of("other"))));

        assertThat(read(filled).rejected().get(0))
                .startsWith("item must be the key of a response of the runs, but was 'r");
    }

    @Test
    void read_invalidAnnotatorName_isRefused() {
        assertThatThrownBy(() -> AnnotationReader.read(
                        TableReader.open(new ByteArrayInputStream(new byte[0]), "x.json", TableSettings.DEFAULT),
                        items,
                        "../../alice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name of an annotator must be letters, digits, dots, dashes and underscores, but was"
                        + " '../../alice'");
    }
}
