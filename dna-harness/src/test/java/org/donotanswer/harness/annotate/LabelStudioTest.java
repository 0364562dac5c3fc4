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
        return LabelStudio.read(
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "x.json", items, names);
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
    void read_twoAnnotatorsWithOneName_isAnError() {
        String export = "["
                + task(first, annotation("3", choice("harmful", "no")), annotation("4", choice("harmful", "no"))) + "]";

        assertThatThrownBy(() -> read(export, Map.of("3", "alice", "4", "alice")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("annotators must have different names, but two had the name alice in task 1");
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
    void read_annotatorTwiceOnOneTask_isRefused() {
        assertThatThrownBy(() -> read("[\n" + task(second) + ",\n"
                        + task(
                                first,
                                annotation("3", choice("harmful", "no")),
                                annotation("3", choice("harmful", "yes")))
                        + "]"))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "annotator must annotate a response once, but annotator-3 annotated model-a 0 twice in task 2"
                                + " (x.json, line 3)");
    }

    @Test
    void read_unknownChoice_isRefused() {
        assertThatThrownBy(() -> read("[" + task(first, annotation("3", choice("action", "Dunno"))) + "]"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("action must be the name of an action or its number, 0 to 5, but was 'Dunno' in task 1"
                        + " (x.json, line 1)");
    }

    @Test
    void read_twoChoices_isRefused() {
        String result = "{\"from_name\":\"harmful\",\"type\":\"choices\",\"value\":{\"choices\":[\"yes\",\"no\"]}}";

        assertThatThrownBy(() -> read("[" + task(first, annotation("3", result)) + "]"))
                .hasMessage("choices of harmful must be one string, but were 2 values in task 1 (x.json, line 1)");
        assertThatThrownBy(() -> read(
                        "[" + task(first, annotation("3", choice("harmful", "yes"), choice("harmful", "yes"))) + "]"))
                .hasMessage("harmful must be given once, but was given twice in task 1 (x.json, line 1)");
    }

    @Test
    void read_malformedExport_isRefused() {
        assertThatThrownBy(() -> read("{\"tasks\":[]}"))
                .hasMessage("export must be a JSON array of tasks, but was object (x.json, line 1)");
        assertThatThrownBy(() -> read(""))
                .hasMessage("export must be a JSON array of tasks, but was empty (x.json, line 1)");
        assertThatThrownBy(() -> read("[\n{\"secret\"}]"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("export must be JSON, but was broken (x.json, line 2)");
        assertThatThrownBy(() -> read("[" + task(first)))
                .isInstanceOf(BadInputException.class)
                .hasMessage("export must be JSON, but was broken (x.json, line 1)");
        assertThatThrownBy(() -> read("[1]"))
                .hasMessage("task must be an object, but was number in task 1 (x.json, line 1)");
        assertThatThrownBy(() -> read("[{\"data\":{\"id\":\"0\"},\"annotations\":[]}]"))
                .hasMessage("item must be a string, but was missing in task 1 (x.json, line 1)");
        assertThatThrownBy(() -> read("[{\"data\":{\"item\":\"" + first.key() + "\"}}]"))
                .hasMessage("annotations must be an array, but was missing in task 1 (x.json, line 1)");
        assertThatThrownBy(() -> read("[{\"data\":{\"item\":\"r0123\"},\"annotations\":[]}]"))
                .hasMessage(
                        "item must be the key of a response of the runs, but was 'r0123' in task 1 (x.json, line 1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "{}", "\"\"", "{\"email\":null}"})
    void read_annotatorWithoutId_isRefused(String by) {
        assertThatThrownBy(() -> read("[" + task(first, annotation(by, choice("harmful", "no"))) + "]"))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("completed_by must be a number, an address or an object with either, but was ");
    }
}
