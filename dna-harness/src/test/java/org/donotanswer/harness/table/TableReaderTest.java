package org.donotanswer.harness.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.io.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableReaderTest {
    private static final List<String> BOTH = List.of("1 Is it late? It is: 5, or 6; ask.", "2 Why? Because.");

    private static List<String> rows(InputStream in, String file, TableSettings settings) throws IOException {
        List<String> rows = new ArrayList<>();
        try (TableReader table = TableReader.open(in, file, settings)) {
            table.checkExchanges();
            for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                try {
                    TableRow row = raw.parse();
                    rows.add(row.id().orElse(row.defaultId()) + " "
                            + row.exchange().instruction() + " "
                            + row.exchange().response());
                } catch (BadInputException e) {
                    rows.add(String.valueOf(e.getMessage()));
                }
            }
        }
        return rows;
    }

    private static List<String> rows(String content, String file) throws IOException {
        return rows(in(content), file, TableSettings.DEFAULT);
    }

    private static List<String> rows(String content) throws IOException {
        return rows(content, "-");
    }

    private static InputStream in(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    static List<Arguments> read_sameRecords_inAnyForm() {
        String comma = "id,question,answer\n1,Is it late?,\"It is: 5, or 6; ask.\"\n2,Why?,Because.\n";
        String semicolon = "id;question;answer\n1;Is it late?;\"It is: 5, or 6; ask.\"\n2;Why?;Because.\n";
        String tab = "id\tquestion\tanswer\n1\tIs it late?\tIt is: 5, or 6; ask.\n2\tWhy?\tBecause.\n";
        String one = "{\"id\":1,\"prompt\":\"Is it late?\",\"completion\":\"It is: 5, or 6; ask.\"}";
        String two = "{\"id\":\"2\",\"prompt\":\"Why?\",\"completion\":\"Because.\"}";
        String chat = "[{\"role\":\"user\",\"content\":\"Why?\"},{\"role\":\"assistant\",\"content\":"
                + "[{\"type\":\"text\",\"text\":\"Beca\"},{\"type\":\"text\",\"text\":\"use.\"}]}]";
        return List.of(
                Arguments.of("comma", comma),
                Arguments.of("line ends of Windows", comma.replace("\n", "\r\n")),
                Arguments.of("line ends of old Macs", comma.replace('\n', '\r')),
                Arguments.of("semicolon", semicolon),
                Arguments.of("tab", tab),
                Arguments.of("bar", tab.replace('\t', '|')),
                Arguments.of("separator line", "sep=;\n" + semicolon),
                Arguments.of("quoted separator line", "\"sep=\t\"\r\n" + tab),
                Arguments.of("names in capitals", semicolon.replace("id;question;answer", "ID; Question ;ANSWER")),
                Arguments.of("quoted names", semicolon.replace("id;question;answer", "\"id\";\"question\";\"answer\"")),
                Arguments.of("no-break space", comma.replace("id,question", "id,\u00A0question")),
                Arguments.of(
                        "index of pandas",
                        ",id,question,answer\n0,1,Is it late?,\"It is: 5, or 6; ask.\"\n1,2,Why?,Because.\n"),
                Arguments.of(
                        "index of pandas, read again",
                        "Unnamed: 0,id,question,answer\n0,1,Is it late?,\"It is: 5, or 6; ask.\"\n1,2,Why?,Because.\n"),
                Arguments.of("empty rows above and below", ";;\n\n" + semicolon + ";;\n \n;;;;\n"),
                Arguments.of(
                        "empty columns",
                        "id;question;answer;;\n1;Is it late?;\"It is: 5, or 6; ask.\";;\n2;Why?;Because.;;;\n"),
                Arguments.of("JSON lines", one + "\n" + two + "\n"),
                Arguments.of("JSON lines with empty ones", "\n\n" + one + "\r\n\r\n" + two),
                Arguments.of("array", "[" + one + "," + two + "]"),
                Arguments.of("array, one record a line", "[\n" + one + ",\n" + two + "\n]\n"),
                Arguments.of("one after the other", one + two),
                Arguments.of(
                        "one after the other on lines",
                        one.replace(",\"", ",\n  \"") + "\n" + two.replace(",\"", ",\n\"")),
                Arguments.of("printed over lines", ("[" + one + "," + two + "]").replaceAll("([{,])\"", "$1\n  \"")),
                Arguments.of("in an object", "{\"version\":1,\"data\":[" + one + "," + two + "],\"n\":[1,[2],{}]}"),
                Arguments.of(
                        "in an object over lines",
                        "{\n \"meta\":{\"a\":[{}]},\n \"data\":[\n" + one + ",\n" + two + "]\n}"),
                Arguments.of("chat", one + "\n{\"id\":2,\"messages\":" + chat + "}"),
                Arguments.of(
                        "chat of ShareGPT",
                        one + "\n{\"id\":2,\"conversations\":[{\"from\":\"human\",\"value\":\"Why?\"},"
                                + "{\"from\":\"gpt\",\"value\":\"Because.\"}]}"),
                Arguments.of(
                        "chat in columns",
                        one + "\n{\"id\":2,\"prompt\":[{\"role\":\"user\",\"content\":\"Why?\"}],"
                                + "\"completion\":[{\"role\":\"assistant\",\"content\":\"Because.\"}]}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void read_sameRecords_inAnyForm(String form, String content) throws IOException {
        assertThat(rows(content)).as(form).isEqualTo(BOTH);
        assertThat(rows("\uFEFF" + content)).as("with a byte order mark").isEqualTo(BOTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "windows-1252", "UTF-8"})
    void read_encodings_areTold(String name) throws IOException {
        Charset encoding = Charset.forName(name);
        String content = "id;frage;antwort\r\n1;wie?;caf\u00E9\r\n";
        TableSettings named = new TableSettings(
                Optional.empty(),
                name.startsWith("w") ? Optional.of(encoding) : Optional.empty(),
                Map.of(TableColumn.INSTRUCTION, "Frage", TableColumn.RESPONSE, "antwort"));

        boolean mark = name.startsWith("UTF");
        byte[] marked = ((mark ? "\uFEFF" : "") + content).getBytes(encoding);
        assertThat(rows(new ByteArrayInputStream(marked), "x.csv", named)).containsExactly("1 wie? caf\u00E9");
        if (!name.startsWith("UTF-32")) {
            assertThat(rows(new ByteArrayInputStream(content.getBytes(encoding)), "x.csv", named))
                    .containsExactly("1 wie? caf\u00E9");
        }
    }

    @Test
    void read_longTextInUtf16_keepsPairsOfSurrogates() throws IOException {
        String text = "a" + "\uD83D\uDE00".repeat(20_000);
        String content = "\uFEFFid\tquestion\tanswer\n1\tq\t" + text + "\n";

        assertThat(rows(
                        new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_16LE)),
                        "x.txt",
                        TableSettings.DEFAULT))
                .containsExactly("1 q " + text);
    }

    @Test
    void read_answersThatLookLikeNothing_areKept() throws IOException {
        assertThat(rows("id,question,answer\n1,nan,None\n2,NULL,NaN\n")).containsExactly("1 nan None", "2 NULL NaN");
        assertThat(rows("{\"question\":\"None\",\"answer\":\"nan\"}")).containsExactly("1 None nan");
        assertThat(rows("{\"question\":NaN,\"answer\":42}")).containsExactly("1  42");
    }

    @Test
    void read_recordsOnOneLine_haveNumbersAsIds() throws IOException {
        assertThat(
                        rows(
                                "[{\"question\":\"q\",\"answer\":\"a\"},5,{\"question\":\"q\"},{\"question\":\"r\",\"answer\":true}]"))
                .containsExactly(
                        "1 q a",
                        "record must be a JSON object, but was number in record 2 (-, line 1)",
                        "response must have a known name or be named by --column response=NAME, but was missing among"
                                + " question in record 3 (-, line 1, column response)",
                        "4 r true");
    }

    @Test
    void read_furtherInput_followsTheInstruction() throws IOException {
        assertThat(
                        rows(
                                "[{\"instruction\":\"Sum up\",\"input\":\"the text\",\"output\":\"o\"},"
                                        + "{\"input\":\"\",\"instruction\":\"Sum up\",\"output\":\"o\"},{\"input\":\"i\",\"output\":\"o\"}]"))
                .containsExactly("1 Sum up\n\nthe text o", "2 Sum up o", "3 i o");
    }

    @Test
    void read_chat_takesTheLastTurns() throws IOException {
        String system = "{\"role\":\"system\",\"content\":\"s\"}";
        String user = "{\"role\":\"user\",\"content\":\"u\"}";
        String assistant = "{\"role\":\"assistant\",\"content\":\"a\"}";
        String call = "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{}]}";
        String tool = "{\"role\":\"tool\",\"content\":\"t\"}";
        String last = "{\"role\":\"user\",\"content\":\"v\"}";

        assertThat(rows(chat(system, user, assistant, last, call, tool, assistant)))
                .containsExactly("1 v a");
        assertThat(rows(chat(assistant))).containsExactly("1  a");
        assertThat(rows(chat(user, assistant, last)))
                .containsExactly("chat must have a turn of the assistant after the user's, but had none"
                        + " (-, line 1, column messages)");
        assertThat(rows("{\"messages\":[\"u\",\"a\"]}"))
                .containsExactly("chat must be an array of objects with a role and a content, but was not"
                        + " (-, line 1, column messages)");
        assertThat(rows("{\"messages\":[" + user + "," + assistant + "],\"prompt\":\"u\"}"))
                .containsExactly("instruction must be one column, but was prompt and messages; say which by --column"
                        + " (-, line 1, column prompt)");
    }

    private static String chat(String... turns) {
        return "{\"messages\":[" + String.join(",", turns) + "]}";
    }

    @Test
    void read_twoColumnsForOne_areNamed() throws IOException {
        assertThat(rows("{\"prompt\":\"p\",\"query\":\"q\",\"answer\":\"a\"}"))
                .containsExactly("instruction must be one column, but was prompt and query; say which by --column"
                        + " instruction=NAME (-, line 1, column prompt)");
        assertThatThrownBy(() -> rows("id,question,answer,output\n1,q,a,o\n"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("response must be one column, but was answer and output; say which by --column"
                        + " response=NAME (-, line 1, column response)");
        assertThat(rows(
                        in("id,key,question,answer,output\n1,k,q,a,o\n"),
                        "-",
                        new TableSettings(Optional.empty(), Optional.empty(), Map.of(TableColumn.RESPONSE, "output"))))
                .containsExactly("1 q o");
    }

    @Test
    void read_responseAlone_mustBeSaid() throws IOException {
        assertThat(rows("{\"answer\":\"a\",\"source\":\"s\",\"n\":5}")).containsExactly("1  a");
        assertThat(rows("{\"answer\":\"a\",\"frage\":\"f\",\"prompt\":\"\"}")).containsExactly("1  a");
        assertThat(rows("{\"answer\":\"a\",\"frage\":{\"de\":\"f\"}}").get(0))
                .endsWith("but was missing among answer, frage (-, line 1, column instruction)");
        assertThat(rows("answer,source\na,s\n")).containsExactly("2  a");
        assertThatThrownBy(() -> rows("answer,frage\na,f\n"))
                .hasMessage(
                        "instruction must have a known name or be named by --column instruction=NAME, but was missing"
                                + " among answer, frage (-, line 1, column instruction)");
        assertThat(rows(
                        in("answer,frage\na,f\n"),
                        "-",
                        new TableSettings(Optional.empty(), Optional.empty(), Map.of(TableColumn.INSTRUCTION, ""))))
                .containsExactly("2  a");
    }

    @Test
    void read_brokenRecords_leaveTheOthers() throws IOException {
        assertThat(rows("id;question;answer;\n1;q;a;more\n2;q\n3;q;a;\n"))
                .containsExactly(
                        "record must have text in named columns only, but had more (-, line 2, column 4)",
                        "record must have 4 fields, but had 2 (-, line 3, column answer)",
                        "3 q a");
        assertThat(rows("{\"id\":1,\"question\":\"q\n{\"id\":2,\"question\":\"q\",\"answer\":\"a\"}\n"))
                .containsExactly("line must be a JSON object, but was broken (-, line 1)", "2 q a");
        assertThat(rows("{\"id\":1\n{\"id\":2,\"question\":\"q\",\"answer\":\"a\"}\n"))
                .containsExactly("line must be a JSON object, but was broken (-, line 1)", "2 q a");
    }

    private static List<String> brokenIds(InputStream in) throws IOException {
        List<String> ids = new ArrayList<>();
        try (TableReader table = TableReader.open(in, "-", TableSettings.DEFAULT)) {
            for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                RawRow broken = raw;
                assertThatThrownBy(() -> broken.parse().id()).isInstanceOf(BadInputException.class);
                ids.add(raw.brokenId());
            }
        }
        return ids;
    }

    private static InputStream latin(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void brokenId_ofReadableId_isThatId() throws IOException {
        assertThat(brokenIds(latin("id;question;answer\n1;caf\u00E9;a\n9;q\n8;q;a;more\n")))
                .containsExactly("1", "9", "8");
        assertThat(brokenIds(latin(",id,question\n0,a1,caf\u00E9\n"))).containsExactly("a1");
        assertThat(brokenIds(latin("question,answer,id\ncaf\u00E9,a,7\n"))).containsExactly("7");
        assertThat(brokenIds(latin("item,id,question\ni1,'=x,caf\u00E9\n"))).containsExactly("=x");
    }

    @Test
    void brokenId_ofOthers_isNoLineNumber() throws IOException {
        assertThat(brokenIds(latin("id;question\ncaf\u00E9;q\n;caf\u00E9\nnan;caf\u00E9\n")))
                .containsExactly("line 2", "line 3", "line 4");
        assertThat(brokenIds(latin("{broken\n{\"id\":[],\"answer\":\"a\"}\n"))).containsExactly("line 1", "line 2");
        assertThat(brokenIds(latin("[5,{\"id\":[]}]"))).containsExactly("record 1", "record 2");
    }

    @Test
    void brokenId_ofFieldsThatMoved_isNoText() throws IOException {
        assertThat(brokenIds(latin("question;answer;id;\nq;a;more;1\nq;a\nq;a;more;even;1\n")))
                .containsExactly("line 2", "line 3", "line 4");
    }

    @Test
    void brokenId_withoutAnIdColumn_isTheLine() throws IOException {
        assertThat(brokenIds(latin("question;answer\nq;caf\u00E9\n"))).containsExactly("2");
    }

    @Test
    void read_brokenDocument_endsThere() {
        assertThatThrownBy(() -> rows("[{\"question\":\"q\",\"answer\":\"a\"},\n{\"question\" \"secret\"}]"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("file must be JSON, but was broken at character 13 (-, line 2)");
        assertThatThrownBy(() -> rows("{\"a\":[{\"answer\":\"a\"}],\"b\":[{}]}"))
                .hasMessage("file must have one array of records, but had another (-, line 1, column b)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PAR1", "PK\u0003\u0004", "BZh9", "%PDF-1.7", "\u00D0\u00CF\u0011\u00E0"})
    void read_otherFiles_areRefusedWithAHint(String start) {
        assertThatThrownBy(() -> rows(
                        new ByteArrayInputStream(start.getBytes(StandardCharsets.ISO_8859_1)),
                        "x",
                        TableSettings.DEFAULT))
                .isInstanceOf(BadInputException.class)
                .hasMessageMatching("file must be CSV or JSON, but was .+; .+ \\(x, line 1\\)");
    }

    @Test
    void read_wrongEncodingGiven_namesTheLine() {
        byte[] content = "id;question;answer\n1;q;\u0081\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> rows(
                        new ByteArrayInputStream(content),
                        "x.csv",
                        new TableSettings(Optional.empty(), Optional.of(Charset.forName("windows-1252")), Map.of())))
                .hasMessage("text must be windows-1252, but was not (x.csv, line 1)");
    }

    @Test
    void read_ourOwnSpreadsheet_isUnescaped() throws IOException {
        assertThat(rows("item,id,instruction,response\nr1,1,'=a,'-b\n")).containsExactly("1 =a -b");
        assertThat(rows("id,instruction,response\n1,'=a,'-b\n")).containsExactly("1 '=a '-b");
    }

    @Test
    void read_contentCountsMoreThanTheName() throws IOException {
        assertThat(rows("id;question;answer\n1;q;a\n", "x.tsv")).containsExactly("1 q a");
        assertThat(rows("{\"question\":\"q\",\"answer\":\"a\"}", "x.csv")).containsExactly("1 q a");
        assertThat(rows("[{\"question\":\"q\",\"answer\":\"a\"}]", "x.jsonl")).containsExactly("1 q a");
        assertThat(rows("gnome\n", "x.jsonl"))
                .containsExactly("line must be a JSON object, but was broken (x.jsonl, line 1)");
        assertThat(rows("")).isEmpty();
        assertThatThrownBy(() -> rows("", "x.csv"))
                .hasMessage("file must have a header row, but was empty (x.csv, line 1)");
    }

    /** A peer that waits for the reply to its first record has sent no more than that. */
    @Test
    void read_interactive_needsNoMoreThanTheFirstRecord() throws IOException {
        InputStream waiting = new InputStream() {
            private final byte[] first = "{\"question\":\"q\",\"answer\":\"a\"}\n".getBytes(StandardCharsets.UTF_8);
            private int next;

            @Override
            public int read() {
                assertThat(next).as("must not read beyond the first record").isLessThan(first.length);
                return first[next++];
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                bytes[offset] = (byte) read();
                return 1;
            }
        };

        try (TableReader table = TableReader.open(waiting, "-", TableSettings.DEFAULT)) {
            RawRow row = table.next();
            assertThat(row).isNotNull();
            assertThat(row.parse().exchange().response()).isEqualTo("a");
        }
    }

    @Test
    void labels_ofPrograms_areUnderstood() throws IOException {
        String content = "harmful;refusal;action;risky;answer\n1.0;False;3,0;nan;a\n TRUE ;0;None;NA;a\n";
        try (TableReader table = TableReader.open(in(content), "-", TableSettings.DEFAULT)) {
            TableRow first = row(table);
            assertThat(first.flag(TableColumn.HARMFUL)).contains(true);
            assertThat(first.flag(TableColumn.REFUSAL)).contains(false);
            assertThat(first.action()).map(Enum::ordinal).contains(3);
            assertThat(first.flag(TableColumn.RISKY)).isEmpty();
            TableRow second = row(table);
            assertThat(second.flag(TableColumn.HARMFUL)).contains(true);
            assertThat(second.action()).isEmpty();
            assertThat(second.label("Refusal")).contains("0");
            assertThat(second.label("other")).isEmpty();
        }
    }

    private static TableRow row(TableReader table) throws IOException {
        RawRow raw = table.next();
        assertThat(raw).isNotNull();
        return raw.parse();
    }
}
