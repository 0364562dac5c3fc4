package org.donotanswer.harness.collect;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.TableSettings;
import org.junit.jupiter.params.provider.MethodSource;

final class CollectFuzzTest implements FuzzTests {
    private static final String VALUES = "{\"city\": [\"Oslo\", \"Rome\"], \"name\": [\"Ann\"]}";

    static Stream<byte[]> instructionFiles() {
        return Seeds.texts(
                """
                {"id": "1", "instruction": "How?", "specificHarm": "CLASSIFIED_INFORMATION"}
                {"id": 2, "messages": [{"role": "user", "content": "Why?"}], "benign": true}
                """);
    }

    @MethodSource("instructionFiles")
    @FuzzTest
    void instructions(byte[] data) throws IOException {
        Path file = Seeds.file("instructions.jsonl", data);

        ReaderContract.read(() -> InstructionSet.read(file), BadInputException.class);
    }

    static Stream<byte[]> templateFiles() {
        return Seeds.texts("id,template,benign\n1,Is {name} in {city}?,true\n2,{{plain}} {city:2},false\n");
    }

    @MethodSource("templateFiles")
    @FuzzTest
    void templates(byte[] data) throws IOException {
        Path templates = Seeds.file("templates.csv", data);
        Path values = Seeds.file("values.json", VALUES.getBytes(StandardCharsets.UTF_8));

        expand(templates, values);
    }

    static Stream<byte[]> valueFiles() {
        return Seeds.texts(VALUES);
    }

    @MethodSource("valueFiles")
    @FuzzTest
    void values(byte[] data) throws IOException {
        Path templates =
                Seeds.file("templates.csv", "id,template\n1,Is {name} in {city}?\n".getBytes(StandardCharsets.UTF_8));
        Path values = Seeds.file("values.json", data);

        expand(templates, values);
    }

    private static void expand(Path templates, Path values) {
        ReaderContract.read(
                () -> TemplateExpansion.expand(
                        templates,
                        TableSettings.DEFAULT,
                        TemplateValues.read(values),
                        1,
                        OptionalInt.of(5),
                        OutputStream.nullOutputStream()),
                BadInputException.class);
    }
}
