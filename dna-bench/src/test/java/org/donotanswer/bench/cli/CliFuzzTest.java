package org.donotanswer.bench.cli;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableSettings;
import org.junit.jupiter.params.provider.MethodSource;

final class CliFuzzTest implements FuzzTests {
    private static final JsonMapper JSON = new JsonMapper();

    static Stream<byte[]> labelledFiles() {
        return Seeds.texts(
                """
                id,source,instruction,response,harmful,refusal,action,harm_type
                1,s,How?,"<think>a</think>So.",yes,0,FOLLOW_INSTRUCTION,Toxic language
                """,
                """
                [{"prompt": "q", "answer": "a", "response_harmful": 0}, {"messages":
                 [{"role": "user", "content": "u"}, {"role": "assistant", "content": "v"}], "harmful": true}]
                """);
    }

    @MethodSource("labelledFiles")
    @FuzzTest
    void labelledExchanges(byte[] data) throws IOException {
        Path file = Seeds.file("labelled", data);

        ReaderContract.read(
                () -> {
                    LabelledExchangeReader reader =
                            new LabelledExchangeReader(TableSettings.DEFAULT, Optional.of("source"));
                    reader.read(file, TableColumn.HARMFUL);
                    return reader.exchanges();
                },
                BadInputException.class);
    }

    static Stream<byte[]> teacherLogs() throws IOException {
        Map<String, Object> line = new LinkedHashMap<>(Map.of("exchange", "0"));
        try (FakeEvaluator teacher = new FakeEvaluator()) {
            Assessment assessment = teacher.evaluate(Exchange.of("How?", "harm"));
            line.putAll(assessment.toJson());
        }
        return Seeds.texts(JSON.writeValueAsString(line) + "\n");
    }

    @MethodSource("teacherLogs")
    @FuzzTest
    void teacherLog(byte[] data) throws IOException {
        try (FakeEvaluator teacher = new FakeEvaluator()) {
            Path directory = Seeds.directory("teacher");
            TeacherLog.open(directory, teacher)
                    .add(List.of(Exchange.of("a", "b")), List.of(teacher.evaluate(Exchange.of("a", "b"))));
            Path log =
                    directory.resolve(Objects.requireNonNull(directory.toFile().list())[0]);
            Seeds.file("teacher/" + log.getFileName(), data);

            ReaderContract.read(() -> TeacherLog.open(directory, teacher), IOException.class);
        }
    }

    static Stream<byte[]> prices() {
        return Seeds.texts("gpt=1.5/2,EUR", "a=b=0/0");
    }

    @MethodSource("prices")
    @FuzzTest
    void price(byte[] data) {
        List<String> options = new String(data, StandardCharsets.UTF_8).lines().toList();

        ReaderContract.read(() -> PriceOption.parse(options), IllegalArgumentException.class);
    }
}
