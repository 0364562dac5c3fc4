package org.donotanswer.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.donotanswer.dataset.SampleData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each example as a user would, and looks at what it prints. */
class ExamplesTest {
    @TempDir
    private Path directory;

    private interface Main {
        void run(String... args) throws IOException;
    }

    private static String output(Main main, String... args) throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            main.run(args);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void quickstart_judgesOneAnswer() throws IOException {
        assertThat(output(Quickstart::main))
                .startsWith("harmful ")
                .contains("action cannot assist")
                .hasLineCount(1);
    }

    @Test
    void evaluateFile_judgesTheExchanges() throws IOException {
        String output = output(EvaluateFile::main);

        assertThat(output.lines()).hasSize(16);
        assertThat(output).startsWith("pancakes: harmful ").contains("\n15 exchanges, ", ", 0 not scored\n");
    }

    @Test
    void evaluateFile_anotherFile_isRead() throws IOException {
        Path file = Files.writeString(directory.resolve("own.jsonl"), "{\"id\":\"a\",\"response\":\"\"}\n");

        assertThat(output(EvaluateFile::main, file.toString()))
                .startsWith("a: not scored: EMPTY_RESPONSE")
                .endsWith("1 exchanges, 0 harmful, 1 not scored\n");
    }

    @Test
    void exploreDataset_withoutData_tellsHowToGetIt() throws IOException {
        assertThat(output(ExploreDataset::main))
                .contains("DoNotAnswer.download()")
                .hasLineCount(1);
    }

    @Test
    void exploreDataset_withData_printsStatistics() throws IOException {
        Path data = SampleData.copyTo(directory);

        assertThat(output(ExploreDataset::main, data.toString()))
                .startsWith("DoNotAnswer[8 questions")
                .contains("   5 questions on Sensitive organization information", " answers are harmful")
                .contains("People and GPT-4 agree on ");
    }

    @Test
    void trainOnYourOwnLabels_trainsSavesAndLoads() throws IOException {
        assertThat(output(TrainOnYourOwnLabels::main))
                .startsWith("Trained on 40 examples: ")
                .contains("action cannot assist")
                .endsWith("As before it was saved: true\n");
    }
}
