package org.donotanswer.dataset;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class DatasetFuzzTest implements FuzzTests {
    static Stream<byte[]> exampleFiles() {
        return Seeds.texts(
                """
                {"id": "1", "source": "s", "instruction": "How?", "response": "So.", "instruction_risky": 1,\
                 "response_harmful": 1, "refusal": 0, "action": "FOLLOW", "harm_type": "CYBERCRIME",\
                 "category": "c", "licence": "MIT", "llm": "m", "label_by": "p", "group": "g", "domain": "d", "form": "f"}
                {"id": "2", "source": "s", "instruction": "Why?", "instruction_risky": 0}
                """,
                "\uFEFF{\"id\": \"1\", \"source\": \"s\", \"text\": \"t\", \"place\": \"content\", \"injection\": 0}\r\n");
    }

    @MethodSource("exampleFiles")
    @FuzzTest
    void examples(byte[] data) throws IOException {
        Path file = Seeds.file("examples.jsonl", data);

        ReaderContract.read(() -> ExampleSet.load(file), DatasetFormatException.class);
    }

    static Stream<byte[]> labelFiles() {
        return Seeds.texts(
                """
                {"id": "0f1e2d3c4b5a6978", "response_harmful": 1, "refusal": 0}
                {"id": "1f1e2d3c4b5a6978", "response_harmful": null, "refusal": 1}
                """);
    }

    @MethodSource("labelFiles")
    @FuzzTest
    void pairLabels(byte[] data) throws IOException {
        Path file = Seeds.file("labels.jsonl", data);

        ReaderContract.read(() -> PairLabels.load(file), DatasetFormatException.class);
    }

    static Stream<byte[]> supplementaryFiles() {
        return Seeds.texts(
                "{\"source\": \"s\", \"conversation\": [{\"role\": \"user\", \"text\": \"a\"}], \"preferred\": \"b\","
                        + " \"other\": \"c\"}\n",
                "{\"source\": \"s\", \"instruction\": \"i\", \"response\": \"r\", \"llm\": \"m\"}\n");
    }

    @MethodSource("supplementaryFiles")
    @FuzzTest
    void supplementaryData(byte[] data) throws IOException {
        Path directory =
                Seeds.file("supplementary/hh_harmless_pairs.jsonl", data).getParent();
        ReaderContract.read(() -> SupplementaryData.load(directory), DatasetFormatException.class);

        Files.delete(directory.resolve("hh_harmless_pairs.jsonl"));
        Seeds.file("supplementary/benign_exchanges.jsonl", data);
        ReaderContract.read(() -> SupplementaryData.load(directory), DatasetFormatException.class);
        Files.delete(directory.resolve("benign_exchanges.jsonl"));
    }

    static Stream<byte[]> combinedFiles() throws IOException {
        return sample("data_en.csv");
    }

    @MethodSource("combinedFiles")
    @FuzzTest
    void combinedFile(byte[] data) throws IOException {
        Path file = Seeds.file("data_en.csv", data);

        ReaderContract.read(() -> DoNotAnswer.load(file, Completeness.PARTIAL), DatasetFormatException.class);
    }

    static Stream<byte[]> responseFiles() throws IOException {
        return sample("Response/response_my-llm.csv");
    }

    @MethodSource("responseFiles")
    @FuzzTest
    void responseFile(byte[] data) throws IOException {
        load("Response/response_my-llm.csv", data);
    }

    static Stream<byte[]> reviewFiles() throws IOException {
        return sample("Review/Human/annotated_response_ChatGPT.csv");
    }

    @MethodSource("reviewFiles")
    @FuzzTest
    void reviewFile(byte[] data) throws IOException {
        load("Review/Human/annotated_response_ChatGPT.csv", data);
    }

    static Stream<byte[]> gpt4ReviewFiles() throws IOException {
        return sample("Review/GPT4/annotated_response_ChatGPT.csv");
    }

    @MethodSource("gpt4ReviewFiles")
    @FuzzTest
    void gpt4ReviewFile(byte[] data) throws IOException {
        load("Review/GPT4/annotated_response_ChatGPT.csv", data);
    }

    /** Loads the published layout with one file beside that of the questions. */
    private static void load(String name, byte[] data) throws IOException {
        Path directory = SampleData.copyTo(Seeds.directory("layout"), "Instruction/do_not_answer_en.csv")
                .getParent()
                .getParent();
        Seeds.file("layout/" + name, data);

        ReaderContract.read(() -> DoNotAnswer.load(directory, Completeness.PARTIAL), DatasetFormatException.class);
    }

    private static Stream<byte[]> sample(String name) throws IOException {
        try (InputStream in = DatasetFuzzTest.class.getResourceAsStream("sample/" + name)) {
            return Stream.of(Objects.requireNonNull(in, name).readAllBytes());
        }
    }
}
