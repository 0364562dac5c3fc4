package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.internal.Sha256;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleSetTest {
    private static final String FULL =
            "{\"id\":\"1-a\",\"source\":\"farm\",\"licence\":\"Apache-2.0\",\"llm\":\"goose-7b\","
                    + "\"instruction\":\"Pluck a goose?\",\"response\":\"No,\\nI won't.\",\"instruction_risky\":1,"
                    + "\"response_harmful\":0,\"refusal\":1,\"action\":\"CANNOT_ASSIST\",\"harm_type\":\"ILLEGAL_ACTIVITIES\","
                    + "\"category\":\"birds\",\"label_by\":\"human\",\"group\":\"1\",\"domain\":\"poultry\",\"form\":\"refusal\","
                    + "\"more\":{\"x\":[1]}}";
    private static final String SMALL = "{\"id\":\"1\",\"source\":\"pond\",\"instruction\":\"Feed  a Duck?\"}";

    @TempDir
    private Path directory;

    private Path write(String name, String... lines) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("\n", lines));
    }

    private static LabelledExample.Builder example(String id, String source) {
        return LabelledExample.builder(id, source, "Feed a duck?");
    }

    private static LabelledExample licensed(String id, String licence) {
        return example(id, "pond").licence(licence).build();
    }

    @Test
    void load_allFields_readsThem() throws IOException {
        Path file = write("b.jsonl", FULL);
        String name = directory.getFileName() + "/b.jsonl";
        ExampleSet set = ExampleSet.load(directory);
        assertThat(set.examples())
                .containsExactly(LabelledExample.builder("1-a", "farm", "Pluck a goose?")
                        .licence("Apache-2.0")
                        .llm("goose-7b")
                        .response("No,\nI won't.")
                        .instructionRisky(true)
                        .harmful(false)
                        .refusal(true)
                        .action(ResponseAction.CANNOT_ASSIST)
                        .harmType(HarmType.ILLEGAL_ACTIVITIES)
                        .category("birds")
                        .labelledBy("human")
                        .group("1")
                        .domain("poultry")
                        .form("refusal")
                        .file(name)
                        .build());
        assertThat(set.checksums()).containsOnlyKeys(name).containsEntry(name, Sha256.of(file));
        assertThat(set).hasToString("ExampleSet[1 examples, 1 sources]");
        assertThat(set.examples().get(0)).hasToString("LabelledExample[farm/1-a]");
    }

    @Test
    void load_unknownValues_areEmpty() throws IOException {
        write(
                "a.jsonl",
                "\uFEFF{\"id\":\"1\",\"source\":\"s\",\"instruction\":\"i\",\"llm\":\"unknown\",\"response\":null,"
                        + "\"harm_type\":null,\"refusal\":null,\"category\":\" \",\"licence\":\"\"}\r",
                "");
        LabelledExample expected = LabelledExample.builder("1", "s", "i")
                .file(directory.getFileName() + "/a.jsonl")
                .build();
        assertThat(ExampleSet.load(directory).examples()).containsExactly(expected);
    }

    @Test
    void load_severalPaths_keepsTheirOrderAndSortsFiles() throws IOException {
        Path single = write("single.jsonl", FULL);
        Files.createDirectory(directory.resolve("more"));
        write("more/z.jsonl", "{\"id\":\"3\",\"source\":\"s\",\"instruction\":\"i\"}");
        write("more/a.jsonl", SMALL, "{\"id\":\"2\",\"source\":\"s\",\"instruction\":\"i\"}");
        write("more/README.md", "no examples");
        ExampleSet set = ExampleSet.load(single, directory.resolve("more"));
        assertThat(set.examples()).extracting(LabelledExample::key).containsExactly("farm/1-a", "pond/1", "s/2", "s/3");
        assertThat(set.sources()).containsExactly("farm", "pond", "s");
        assertThat(set.checksums().keySet())
                .containsExactly(directory.getFileName() + "/single.jsonl", "more/a.jsonl", "more/z.jsonl");
    }

    @Test
    void load_lineLongerThanTheBuffer_isReadWhole() throws IOException {
        String text = "qu\u00e4ck ".repeat(40_000).strip();
        write("a.jsonl", SMALL, "{\"id\":\"2\",\"source\":\"s\",\"instruction\":\"" + text + "\"}", FULL);
        assertThat(ExampleSet.load(directory).examples())
                .extracting(LabelledExample::instruction)
                .containsExactly("Feed  a Duck?", text, "Pluck a goose?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':'2','source':'s',                                     | 24 | line must be a JSON object, but was malformed",
                "['goose']                                                   | | line must be a JSON object, but was ARRAY",
                "{'source':'s','instruction':'goose'}                        | id | id must be a string, but was missing",
                "{'id':2,'source':'s','instruction':'goose'}                 | id | id must be a string, but was NUMBER",
                "{'id':'2','instruction':'goose'}                            | source | source must be a string, but was missing",
                "{'id':'2','source':'s'}                                     | instruction | instruction must be a string, but was missing",
                "{'id':'2','source':'s','instruction':' '}                   | instruction | instruction must not be blank, but was",
                "{'id':'2','source':'s','text':' ','place':'user','injection':0} | text | text must not be blank, but was",
                "{'id':'2','source':'s','text':7,'place':'user','injection':0} | text | text must be a string, but was NUMBER",
                "{'id':'2','source':'s','text':'goose','injection':0}        | place | place must be a string, but was missing",
                "{'id':'2','source':'s','text':'goose','place':'pond','injection':0} | place | place must be user or content, but was \"pond\"",
                "{'id':'2','source':'s','text':'goose','place':'user'}       | injection | injection must be 0 or 1, but was missing",
                "{'id':'2','source':'s','text':'goose','place':'content','injection':2} | injection | injection must be 0 or 1, but was 2",
                "{'source':'s','text':'goose','place':'content','injection':0} | id | id must be a string, but was missing",
                "{'id':'1','source':'pond','text':'goose','place':'content','injection':0} | id | id must be unique in its source, but was \"1\" as on line 1 of a.jsonl",
                "{'id':'2','source':'s','text':'goose','place':'content','injection':0,'harm_type':'ILLEGAL_ACTIVITIES'} | | harmType must be absent without an instruction, but was ILLEGAL_ACTIVITIES",
                "{'id':'2','source':'s','instruction':'i','response':' '}    | response | response must not be blank, but was",
                "{'id':'2','source':'s','instruction':'i','response':7}      | response | response must be a string, but was NUMBER",
                "{'id':'2','source':'s','instruction':'i','instruction_risky':2} | instruction_risky | instruction_risky must be 0 or 1, but was 2",
                "{'id':'2','source':'s','instruction':'i','instruction_risky':1.0} | instruction_risky | instruction_risky must be 0 or 1, but was 1.0",
                "{'id':'2','source':'s','instruction':'i','instruction_risky':'goose'} | instruction_risky | instruction_risky must be 0 or 1, but was STRING",
                "{'id':'2','source':'s','instruction':'i','instruction_risky':true} | instruction_risky | instruction_risky must be 0 or 1, but was BOOLEAN",
                "{'id':'2','source':'s','instruction':'i','licence':3}       | licence | licence must be a string, but was NUMBER",
                "{'id':'2','source':'s','instruction':'i','response':'r','action':'FLY'} | action | response action must be a known label, but was 'FLY'",
                "{'id':'2','source':'s','instruction':'i','harm_type':'WATER'} | harm_type | harm type must be a known label, but was 'WATER'",
                "{'id':'2','source':'s','instruction':'i','response_harmful':1} | | harmful must be absent without a response, but was true",
                "{'id':'2','source':'s','instruction':'i','refusal':0}       | | refusal must be absent without a response, but was false",
                "{'id':'2','source':'s','instruction':'i','action':'CANNOT_ASSIST'} | | action must be absent without a response, but was CANNOT_ASSIST",
                "{'id':'2','source':'s','instruction':'i','response':'r','refusal':0,'action':'CANNOT_ASSIST'} | | action must agree with the refusal label false, but was CANNOT_ASSIST",
                "{'id':'2','source':'s','instruction':'i','response':'r','refusal':1,'action':'FOLLOW_INSTRUCTION'} | | action must agree with the refusal label true, but was FOLLOW_INSTRUCTION",
                "{'id':'1','source':'pond','instruction':'goose'}            | id | id must be unique in its source, but was \"1\" as on line 1 of a.jsonl",
            })
    void load_malformedLine_namesFileAndLine(String line, String column, String problem) throws IOException {
        Path file = write("a.jsonl", SMALL, "", line.replace('\'', '"'));
        DatasetFormatException e = catchThrowableOfType(DatasetFormatException.class, () -> ExampleSet.load(directory));
        assertThat(e).isNotNull();
        assertThat(e)
                .hasMessage(problem + " (" + file + ", line 3" + (column == null ? "" : ", column " + column) + ")");
        assertThat(e.getMessage()).doesNotContain("goose");
        assertThat(e.getCause()).isNull();
        assertThat(e.line()).isEqualTo(3);
    }

    @Test
    void load_refusalThatIsHarmful_isNoContradiction() throws IOException {
        write(
                "a.jsonl",
                "{\"id\":\"1\",\"source\":\"s\",\"instruction\":\"i\",\"response\":\"r\",\"refusal\":1,\"response_harmful\":1}");
        assertThat(ExampleSet.load(directory).examples().get(0).refusal()).contains(true);
    }

    @Test
    void load_otherCharset_namesTheByte() throws IOException {
        Path file = directory.resolve("a.jsonl");
        Files.write(file, new byte[] {'\n', ' ', '"', (byte) 0xE9, '"'});
        assertThatThrownBy(() -> ExampleSet.load(file))
                .hasMessage("text must be UTF-8, but had byte 0xE9 (" + file + ", line 2, column 3)");
    }

    @Test
    void load_nothingToRead_isAnError() throws IOException {
        assertThatThrownBy(() -> ExampleSet.load(directory))
                .isInstanceOf(DatasetFormatException.class)
                .hasMessage("directory must hold *.jsonl files, but had none (" + directory + ")");
        Path file = write("a.jsonl", "", " ");
        assertThatThrownBy(() -> ExampleSet.load(directory))
                .isInstanceOf(DatasetFormatException.class)
                .hasMessage("file must hold examples, but had none (" + file + ")");
        assertThatThrownBy(() -> ExampleSet.load(directory.resolve("absent"))).isInstanceOf(NoSuchFileException.class);
    }

    private static String text(String id, String place, int injection, String text) {
        return String.format(
                "{\"id\":\"%s\",\"source\":\"inbox\",\"place\":\"%s\",\"injection\":%d,\"text\":\"%s\",\"label_by\":\"human\","
                        + "\"licence\":\"by category: inbox, geese MIT; ducks CC BY 4.0\",\"category\":\"Geese, hard\","
                        + "\"context\":\"Sum up.\",\"kind\":\"benign\"}",
                id, place, injection, text);
    }

    private LabelledExample.Builder inbox(String id, String instruction, String file) {
        return LabelledExample.builder(id, "inbox", instruction)
                .licence("inbox, geese MIT")
                .category("Geese, hard")
                .labelledBy("human")
                .file(directory.getFileName() + "/" + file);
    }

    @Test
    void load_textsOfInjectionData_areHarmlessUnlessInjections() throws IOException {
        write(
                "a.jsonl",
                text("1", "user", 0, "Feed a duck?"),
                text("2", "content", 0, "Ducks were fed."),
                text("3", "user", 1, "Ignore all ducks."),
                text("4", "content", 1, "Forward all geese."),
                SMALL);
        write("b.jsonl", text("5", "user", 1, "Ignore all geese."));
        ExampleSet set = ExampleSet.load(directory);
        assertThat(set.examples().subList(0, 2))
                .containsExactly(
                        inbox("1", "Feed a duck?", "a.jsonl")
                                .instructionRisky(false)
                                .build(),
                        inbox("2", "", "a.jsonl")
                                .response("Ducks were fed.")
                                .harmful(false)
                                .build());
        assertThat(set.examples()).hasSize(3);
        String name = directory.getFileName() + "/a.jsonl";
        assertThat(set.skippedInjections()).isEqualTo(Map.of(name, 2, directory.getFileName() + "/b.jsonl", 1));
        // A file without examples has no part in what is trained.
        assertThat(set.checksums()).containsOnlyKeys(name);
        assertThat(set.excludingSources(List.of("pond")).skippedInjections()).isEqualTo(set.skippedInjections());
    }

    @Test
    void load_textWithInstruction_isIgnored() throws IOException {
        write("a.jsonl", "{\"id\":\"1\",\"source\":\"s\",\"instruction\":\"i\",\"text\":\"t\"}");
        assertThat(ExampleSet.load(directory).examples().get(0).response()).isEmpty();
    }

    @Test
    void load_injectionsOnly_isAnError() throws IOException {
        Path file = write("a.jsonl", text("1", "user", 1, "Ignore all geese."));
        assertThatThrownBy(() -> ExampleSet.load(directory))
                .isInstanceOf(DatasetFormatException.class)
                .hasMessage("directory must hold examples, but had injections only (" + directory + ")");
        assertThatThrownBy(() -> ExampleSet.load(file))
                .isInstanceOf(DatasetFormatException.class)
                .hasMessage("file must hold examples, but had injections only (" + file + ")");
        Path empty = write("b.jsonl", "");
        write("c.jsonl", SMALL);
        assertThatThrownBy(() -> ExampleSet.load(directory))
                .hasMessage("file must hold examples, but had none (" + empty + ")");
    }

    @Test
    void responseAlone_hasItsOwnGroupAndNoLabelsOfAnInstruction() {
        LabelledExample alone = LabelledExample.builder("1", "a", "")
                .response("Bread.")
                .harmful(false)
                .build();
        LabelledExample other = LabelledExample.builder("2", "a", "")
                .response("bread. ")
                .harmful(true)
                .build();
        LabelledExample third = LabelledExample.builder("3", "a", "")
                .response("Corn.")
                .harmful(true)
                .build();
        assertThat(alone.hasInstruction()).isFalse();
        assertThat(alone.groupKey()).isEqualTo("a/1");
        assertThat(alone.toLabelledExchange().orElseThrow().exchange()).isEqualTo(Exchange.responseOnly("Bread."));
        assertThat(ExampleSet.of(List.of(alone, other, third)).contradictions())
                .containsExactly(new Contradiction(Contradiction.Label.HARMFUL, "a/1", "a/2"));
        assertThatThrownBy(() -> LabelledExample.builder("1", "a", "")
                        .response("Bread.")
                        .instructionRisky(false)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("instructionRisky must be absent without an instruction, but was false");
        assertThatThrownBy(() -> LabelledExample.builder("1", "a", "").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("instruction must not be blank, but was");
        assertThatThrownBy(() -> LabelledExample.builder("1", "a", " ")
                        .response("Bread.")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("instruction must not be blank, but was");
    }

    @Test
    void of_repeatedId_isAnErrorWithinASourceOnly() {
        assertThat(ExampleSet.of(List.of(
                                example("1", "a").build(), example("1", "b").build()))
                        .sources())
                .containsExactly("a", "b");
        assertThatThrownBy(() -> ExampleSet.of(
                        List.of(example("1", "a").build(), example("1", "a").build())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id must be unique in its source, but was repeated (items 0 and 1)");
    }

    @Test
    void exchanges_examplesWithoutResponse_areLeftOut() {
        ExampleSet set = ExampleSet.of(List.of(
                example("1", "a").instructionRisky(true).build(),
                example("2", "a").response("Bread.").harmful(true).build(),
                example("3", "a").response("No.").group("g").refusal(true).build()));
        List<LabelledExchange> exchanges = set.exchanges();
        assertThat(exchanges).extracting(LabelledExchange::id).containsExactly("a/2", "a/3");
        assertThat(exchanges)
                .extracting(LabelledExchange::group)
                .containsExactly(Optional.of("feed a duck?"), Optional.of("a/g"));
        assertThat(exchanges).extracting(LabelledExchange::source).containsOnly(Optional.of("a"));
        assertThat(exchanges.get(0).harmful()).contains(true);
        assertThat(exchanges.get(1).harmful()).isEmpty();
    }

    @Test
    void contradictions_sameTextWithOppositeLabels_areReported() {
        LabelledExample first = LabelledExample.builder("1", "a", "Feed a duck?")
                .response("Give it bread.")
                .instructionRisky(false)
                .harmful(true)
                .refusal(false)
                .build();
        LabelledExample second = LabelledExample.builder("1", "b", "feed a  DUCK?")
                .response("give it bread. ")
                .instructionRisky(true)
                .harmful(false)
                .refusal(false)
                .build();
        LabelledExample otherResponse = LabelledExample.builder("2", "b", "Feed a duck?")
                .response("No.")
                .harmful(false)
                .refusal(true)
                .build();
        assertThat(ExampleSet.of(List.of(first, second, otherResponse)).contradictions())
                .containsExactly(
                        new Contradiction(Contradiction.Label.INSTRUCTION_RISKY, "a/1", "b/1"),
                        new Contradiction(Contradiction.Label.HARMFUL, "a/1", "b/1"));
    }

    @Test
    void excludingLicences_wholeWordsInAnyCase_match() {
        ExampleSet set = ExampleSet.of(List.of(
                licensed("1", "CC BY-NC 4.0"),
                licensed("2", "MIT (since 2020)"),
                licensed("3", "None stated; prompts X (MIT)"),
                example("4", "pond").build(),
                licensed("5", "CC BY-SA 3.0")));
        assertThat(set.excludingLicences(List.of("nc")).examples())
                .extracting(LabelledExample::id)
                .containsExactly("2", "3", "4", "5");
        assertThat(set.excludingLicences(List.of("NC", "none stated", "unknown"))
                        .examples())
                .extracting(LabelledExample::id)
                .containsExactly("2", "5");
        assertThat(set.excludingLicences(List.of()).examples()).hasSize(5);
        assertThatThrownBy(() -> set.excludingLicences(List.of("CC", "MIT", "unknown")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("examples must be left, but were all excluded (licences [CC, MIT, unknown])");
        assertThatThrownBy(() -> set.excludingLicences(List.of(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("licence pattern must not be blank, but was");
    }

    @Test
    void load_licencesByCategory_areTheCategorys() throws IOException {
        String row = "{\"id\":\"%s\",\"source\":\"s\",\"instruction\":\"i\",\"category\":\"%s\",\"licence\":"
                + "\"by category: Ducks MIT; Geese and Swans CC BY-NC 4.0; Hen-* none stated\"}";
        write(
                "a.jsonl",
                String.format(row, "1", "Ducks of ponds"),
                String.format(row, "2", "Swans"),
                String.format(row, "3", "Hen-House"),
                String.format(row, "4", "Pigs"));
        ExampleSet set = ExampleSet.load(directory);
        assertThat(set.examples())
                .extracting(example -> example.licence().orElseThrow())
                .containsExactly(
                        "Ducks MIT",
                        "Geese and Swans CC BY-NC 4.0",
                        "Hen-* none stated",
                        "by category: Ducks MIT; Geese and Swans CC BY-NC 4.0; Hen-* none stated");
        assertThat(set.excludingLicences(List.of("NC")).examples())
                .extracting(LabelledExample::id)
                .containsExactly("1", "3");
    }

    @Test
    void excludingSources_unknownOrAll_isAnError() {
        ExampleSet set = ExampleSet.of(
                List.of(example("1", "a").build(), example("1", "b").build()));
        assertThat(set.excludingSources(List.of("a")).sources()).containsExactly("b");
        assertThatThrownBy(() -> set.excludingSources(List.of("c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("source must be one of [a, b], but was c");
        assertThatThrownBy(() -> set.excludingSources(List.of("b", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("examples must be left, but were all excluded (sources [a, b])");
    }

    @Test
    void builder_secondValue_isAnErrorWithoutText() {
        LabelledExample.Builder builder = example("1", "a").response("Bread.");
        assertThatThrownBy(() -> builder.response("Corn."))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("response must be set once, but was set twice");
    }

    @Test
    void toLabelledExchange_keepsTheLabels() {
        LabelledExample example = LabelledExample.builder("1", "s", "How?")
                .response("I won't say.")
                .harmful(false)
                .refusal(true)
                .build();

        assertThat(example.toLabelledExchange())
                .contains(LabelledExchange.builder("s/1", Exchange.of("How?", "I won't say."))
                        .harmful(false)
                        .refusal(true)
                        .source("s")
                        .group("how?")
                        .build());
    }
}
