package org.donotanswer.harness.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class LabelStudioTest {
    @TempDir
    private Path directory;

    private AnnotationItems items;
    private AnnotationItem first;
    private AnnotationItem second;

    @BeforeEach
    void create() throws IOException {
        items = AnnotationItems.of(List.of(SampleRuns.create(directory.resolve("a"), "model-a", SampleRuns.TEXTS)));
        first = items.all().get(0);
        second = items.all().get(1);
    }

    private AnnotationBatch read(String json, Map<String, String> names) throws IOException {
        return readAs("x.json", json, names);
    }

    private AnnotationBatch readAs(String file, String content, Map<String, String> names) throws IOException {
        return AnnotationReader.read(
                TableReader.open(
                        new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)),
                        file,
                        TableSettings.DEFAULT),
                file,
                items,
                names);
    }

    private AnnotationBatch read(String json) throws IOException {
        return read(json, Map.of());
    }

    private static String task(AnnotationItem item, String... annotations) {
        return "{\"id\":17,\"data\":{\"item\":\"" + item.key() + "\",\"response\":\"x\"},\"annotations\":["
                + String.join(",", annotations) + "],\"predictions\":[],\"drafts\":[]}";
    }

    private static String annotation(String by, String... results) {
        return "{\"id\":1,\"completed_by\":" + by + ",\"was_cancelled\":false,\"result\":[" + String.join(",", results)
                + "],\"lead_time\":4.2}";
    }

    private static String choice(String control, String value) {
        return "{\"id\":\"Dx\",\"from_name\":\"" + control
                + "\",\"to_name\":\"response\",\"type\":\"choices\",\"value\":{\"choices\":[\"" + value + "\"]}}";
    }

    private static String comment(String text) {
        return "{\"from_name\":\"comment\",\"to_name\":\"response\",\"type\":\"textarea\",\"value\":{\"text\":[\""
                + text + "\"]}}";
    }

    @Test
    void writeTasks_keepsTheTexts() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LabelStudio.writeTasks(items.all(), false, out);

        JsonNode tasks = new JsonMapper().readTree(out.toByteArray());
        assertThat(tasks).hasSize(SampleRuns.TEXTS.size());
        List<String> texts = new ArrayList<>();
        tasks.forEach(task -> texts.add(task.at("/data/response").textValue()));
        assertThat(texts).isEqualTo(SampleRuns.TEXTS);
        assertThat(tasks.get(0).at("/data/llm").textValue()).isEqualTo("model-a");
        assertThat(tasks.get(0).at("/data/id").textValue()).isEqualTo("0");
        assertThat(tasks.get(0).at("/data/item").textValue()).isEqualTo(first.key());
        assertThat(tasks.get(0).at("/data/harm_type").textValue()).isNotBlank();
    }

    @Test
    void writeTasks_blind_leavesOutTheLlm() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LabelStudio.writeTasks(items.all(), true, out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .doesNotContain("model-a")
                .doesNotContain("\"llm\"");
        assertThat(LabelStudio.interfaceXml(true)).doesNotContain("$llm");
    }

    @Test
    void writeTasks_none_isAnEmptyArray() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LabelStudio.writeTasks(List.of(), false, out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("[]\n");
    }

    @Test
    void interfaceXml_hasAllLabels() throws Exception {
        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(LabelStudio.interfaceXml(false).getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();

        NodeList choices = root.getElementsByTagName("Choice");
        List<String> aliases = new ArrayList<>();
        for (int i = 2; i < choices.getLength(); i++) {
            Element choice = (Element) choices.item(i);
            aliases.add(choice.getAttribute("alias"));
            assertThat(LabelText.action(choice.getAttribute("value")))
                    .contains(ResponseAction.valueOf(choice.getAttribute("alias")));
        }
        assertThat(aliases).hasSize(6);
        NodeList texts = root.getElementsByTagName("Text");
        assertThat(((Element) texts.item(0)).getAttribute("value")).isEqualTo("$instruction");
        assertThat(((Element) texts.item(1)).getAttribute("value")).isEqualTo("$response");
        assertThat(root.getElementsByTagName("HyperText").getLength()).isZero();
    }

    @Test
    void read_export_groupsByAnnotator() throws IOException {
        AnnotationBatch batch = read("["
                + task(
                        first,
                        annotation(
                                "3", choice("harmful", "yes"), choice("action", "FOLLOW_INSTRUCTION"), comment("so")),
                        annotation(
                                "{\"id\":4,\"email\":\"bob@example.org\"}",
                                choice("harmful", "no"),
                                choice("action", "5 follow and respond to the instruction"),
                                choice("other", "ignored")))
                + ",\n" + task(second, annotation("3", choice("action", "CANNOT_ASSIST"))) + "]");

        assertThat(batch.annotations()).containsOnlyKeys("annotator-3", "annotator-4");
        assertThat(batch.annotations().get("annotator-3"))
                .containsExactly(
                        Map.entry(
                                first,
                                new Annotation(
                                        Optional.of(true), Optional.of(ResponseAction.FOLLOW_INSTRUCTION), "so")),
                        Map.entry(
                                second,
                                new Annotation(Optional.empty(), Optional.of(ResponseAction.CANNOT_ASSIST), "")));
        assertThat(batch.annotations().get("annotator-4"))
                .containsExactly(Map.entry(first, SampleRuns.harmless(ResponseAction.FOLLOW_INSTRUCTION)));
    }

    @Test
    void read_names_areGivenByIdOrAddress() throws IOException {
        String export = "["
                + task(
                        first,
                        annotation("3", choice("harmful", "no")),
                        annotation("{\"id\":4,\"email\":\"bob@example.org\"}", choice("harmful", "no")))
                + "," + task(second, annotation("{\"email\":\"eve@example.org\"}", choice("harmful", "no"))) + "]";

        assertThat(read(export, Map.of("3", "alice", "bob@example.org", "bob")).annotations())
                .containsOnlyKeys("alice", "bob", "eve_example.org");
    }

    @Test
    void read_namedAnnotatorAbsent_isAnError() {
        assertThatThrownBy(() -> read("[" + task(first) + "]", Map.of("7", "alice")))
                .isInstanceOf(IOException.class)
                .hasMessage("annotator 7 must be in the file, but was not (x.json)");
    }

    @Test
    void read_twoAnnotatorsWithOneName_isAnError() throws IOException {
        String export = "["
                + task(first, annotation("3", choice("harmful", "no")), annotation("4", choice("harmful", "no"))) + "]";

        assertThat(read(export, Map.of("3", "alice", "4", "alice")).rejected())
                .containsExactly("annotators must have different names, but two had the name alice in record 1"
                        + " (x.json, line 1)");
    }

    @Test
    void read_skippedAndEmptyAnnotations_areCounted() throws IOException {
        AnnotationBatch batch = read("["
                + task(
                        first,
                        "{\"completed_by\":3,\"was_cancelled\":true,\"result\":[]}",
                        annotation("4"),
                        annotation("5", comment("only a comment")))
                + "]");

        assertThat(batch.annotations()).isEmpty();
        assertThat(batch.cancelled()).isEqualTo(1);
        assertThat(batch.blank()).isEqualTo(2);
    }

    /** JSON-MIN has a flat object for each annotation and replaces data.id by the task's id. */
    @Test
    void read_jsonMin() throws IOException {
        AnnotationBatch batch =
                read("[{\"item\":\"" + first.key() + "\",\"id\":99,\"instruction\":\"q\",\"harmful\":\"no\","
                        + "\"action\":\"REFUTE_OPINION\",\"comment\":\"so\",\"annotator\":3,\"annotation_id\":1}]");

        assertThat(batch.annotations().get("annotator-3"))
                .containsExactly(Map.entry(
                        first, new Annotation(Optional.of(false), Optional.of(ResponseAction.REFUTE_OPINION), "so")));
    }

    @Test
    void read_annotatorTwiceOnOneTask_countsTheLatest() throws IOException {
        String early = annotation("3", choice("harmful", "no"))
                .replace("{\"id\":1,", "{\"created_at\":\"2024-05-01T09:00:00Z\",");
        String late = annotation("3", choice("harmful", "yes"))
                .replace(
                        "{\"id\":1,",
                        "{\"created_at\":\"2024-04-01T09:00:00Z\",\"updated_at\":\"2024-05-01T11:30:00+02:00\",");

        for (List<String> order : List.of(List.of(early, late), List.of(late, early))) {
            AnnotationBatch batch = read("[" + task(first, order.toArray(String[]::new)) + "]");

            assertThat(batch.superseded()).isEqualTo(1);
            assertThat(batch.annotations().get("annotator-3").get(first).harmful())
                    .contains(true);
        }
    }

    @Test
    void read_annotatorTwiceWithoutTimes_countsTheLast() throws IOException {
        AnnotationBatch batch = read(
                "[" + task(first, annotation("3", choice("harmful", "no")), annotation("3", choice("harmful", "yes")))
                        + "]");

        assertThat(batch.superseded()).isEqualTo(1);
        assertThat(batch.annotations().get("annotator-3").get(first).harmful()).contains(true);
    }

    @Test
    void read_badAnnotation_isRejectedAlone() throws IOException {
        String two = "{\"from_name\":\"harmful\",\"type\":\"choices\",\"value\":{\"choices\":[\"yes\",\"no\"]}}";
        AnnotationBatch batch = read("[\n" + task(second, annotation("4", choice("harmful", "no"))) + ",\n"
                + task(
                        first,
                        annotation("3", choice("action", "Dunno")),
                        annotation("3", two),
                        annotation("3", choice("harmful", "yes"), choice("harmful", "yes")),
                        annotation("true", choice("harmful", "yes")),
                        annotation("5", choice("harmful", "yes")))
                + "]");

        assertThat(batch.rejected())
                .containsExactly(
                        "action must be the name of an action or its number, 0 to 5, but was 'Dunno' in record 2"
                                + " (x.json, line 3)",
                        "choices of harmful must be one string, but were 2 values in record 2 (x.json, line 3)",
                        "harmful must be given once, but was given twice in record 2 (x.json, line 3)",
                        "completed_by must be a number, an address or an object with either, but was boolean in record 2"
                                + " (x.json, line 3)");
        assertThat(batch.annotations()).containsOnlyKeys("annotator-4", "annotator-5");
    }

    @Test
    void read_malformedTasks_areRejected() throws IOException {
        assertThat(read("[1,\n{\"data\":{\"id\":\"0\"},\"annotations\":[]},\n{\"data\":{\"item\":\"" + first.key()
                                + "\"}},\n{\"data\":{\"item\":\"r0123\"},\"annotations\":[]}]")
                        .rejected())
                .containsExactly(
                        "record must be a JSON object, but was number in record 1 (x.json, line 1)",
                        "item must be a string, but was missing in record 2 (x.json, line 2)",
                        "annotations must be an array, but was missing in record 3 (x.json, line 3)",
                        "item must be the key of a response of the runs, but was 'r0123' in record 4 (x.json, line 4)");
    }

    @Test
    void read_brokenExport_isRefused() {
        assertThatThrownBy(() -> read("[\n{\"secret\"}]"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("file must be JSON, but was broken at character 10 (x.json, line 2)");
        assertThatThrownBy(() -> read("[" + task(first)))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("file must be JSON, but was broken at character ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "\"\"", "{\"email\":null}"})
    void read_annotatorWithoutId_getsAName(String by) throws IOException {
        assertThat(read("[" + task(first, annotation(by, choice("harmful", "no"))) + "]")
                        .annotations())
                .containsOnlyKeys("annotator-unnamed");
    }

    @Test
    void read_annotatorInOtherLetters_getsTheSameNameAgain() throws IOException {
        String export = "[" + task(first, annotation("\"\u674E\"", choice("harmful", "no"))) + "]";

        assertThat(read(export).annotations().firstKey())
                .isEqualTo(read(export).annotations().firstKey())
                .matches("annotator-[0-9a-f]{8}");
    }

    /** Label Studio's CSV has a row for each annotation, as JSON-MIN has. */
    @Test
    void read_csvExport_hasItsAnnotators() throws IOException {
        AnnotationBatch batch = readAs(
                "x.csv",
                "annotation_id,annotator,item,id,harmful,action,updated_at\n7,3.0," + first.key()
                        + ",99,no,REFUTE_OPINION,\n8,bob@example.org," + first.key() + ",99,yes,,\n",
                Map.of());

        assertThat(batch.rejected()).isEmpty();
        assertThat(batch.annotations()).containsOnlyKeys("annotator-3", "bob_example.org");
    }
}
