package org.donotanswer.harness.annotate;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableSettings;
import org.junit.jupiter.params.provider.MethodSource;

final class AnnotateFuzzTest implements FuzzTests {
    private static final RunDirectory RUN = sampleRun();
    private static final AnnotationItems ITEMS = items();
    private static final String KEY = ITEMS.all().get(0).key();

    private static RunDirectory sampleRun() {
        try {
            return SampleRuns.create(Seeds.directory("annotated"), "model-a", 2);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static AnnotationItems items() {
        try {
            return AnnotationItems.of(List.of(RUN));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<byte[]> labelStudioFiles() {
        return Seeds.texts(
                "[{\"id\":17,\"data\":{\"item\":\"" + KEY + "\",\"response\":\"x\"},\"annotations\":[{\"id\":1,"
                        + "\"completed_by\":{\"id\":3,\"email\":\"a@b.c\"},\"was_cancelled\":false,\"result\":["
                        + "{\"from_name\":\"harmful\",\"to_name\":\"response\",\"type\":\"choices\",\"value\":{\"choices\":[\"yes\"]}},"
                        + "{\"from_name\":\"comment\",\"type\":\"textarea\",\"value\":{\"text\":[\"c\"]}}],"
                        + "\"updated_at\":\"2024-05-06T07:08:09.123456Z\"}],\"predictions\":[],\"drafts\":[]}]",
                "[{\"id\":17,\"item\":\"" + KEY + "\",\"annotator\":3,\"annotation_id\":1,\"harmful\":\"no\","
                        + "\"action\":{\"choices\":[\"CANNOT_ASSIST\"]},\"created_at\":\"2024-05-06T07:08:09Z\"}]");
    }

    @MethodSource("labelStudioFiles")
    @FuzzTest
    void labelStudio(byte[] data) {
        read(data, "fuzz.json");
    }

    static Stream<byte[]> csvFiles() {
        return Seeds.texts(
                "item,id,llm,harmful,action,comment\r\n" + KEY
                        + ",0,model-a,yes,0,'=c\r\n,1,model-a,no,FOLLOW_INSTRUCTION,\r\n",
                "annotator,id,llm,harmful,action\n7,0,model-a,1,\n");
    }

    @MethodSource("csvFiles")
    @FuzzTest
    void csv(byte[] data) {
        read(data, "fuzz.csv");
    }

    /** A file that names annotators, or does not, is refused as an argument if the other is asked for. */
    private static void read(byte[] data, String name) {
        ReaderContract.read(
                () -> {
                    try (TableReader table =
                            TableReader.open(new ByteArrayInputStream(data), name, TableSettings.DEFAULT)) {
                        return AnnotationReader.read(table, ITEMS, "anna");
                    }
                },
                BadInputException.class,
                IllegalArgumentException.class);
        ReaderContract.read(
                () -> {
                    try (TableReader table =
                            TableReader.open(new ByteArrayInputStream(data), name, TableSettings.DEFAULT)) {
                        return AnnotationReader.read(table, name, ITEMS, Map.of());
                    }
                },
                BadInputException.class,
                IllegalArgumentException.class);
    }

    static Stream<byte[]> storedAnnotations() {
        return Seeds.texts(
                """
                {"id":"0","harmful":true,"action":null,"comment":"c"}
                {"id":"1","harmful":null,"action":"CANNOT_ASSIST"}
                """);
    }

    @MethodSource("storedAnnotations")
    @FuzzTest
    void store(byte[] data) throws IOException {
        Seeds.file("annotated/annotations/anna.jsonl", data);

        ReaderContract.read(() -> AnnotationStore.of(ITEMS).load(), BadInputException.class);
    }
}
