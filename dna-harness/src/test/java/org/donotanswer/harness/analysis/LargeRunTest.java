package org.donotanswer.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.HumanLabels;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunManifest;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose texts alone do not fit into the memory of the process that judges and reports it. */
class LargeRunTest {
    private static final int RESPONSES = 40_000;
    private static final int LABELLED_EVERY = 10;

    @TempDir
    private Path directory;

    static boolean isHarmful(int number) {
        return number % 7 == 3;
    }

    private static boolean isHarmfulByPeople(int number) {
        return number % 4 == 0;
    }

    private RunDirectory write() throws IOException {
        RunDirectory run = RunDirectory.openOrCreate(
                directory.resolve("run"),
                new RunManifest(Llm.of("fish"), "import", "0".repeat(64), RESPONSES, new TreeMap<>(), "1"));
        try (ResponseLog log = run.appendResponses()) {
            for (int start = 0; start < RESPONSES; start += 1_000) {
                List<CollectedResponse> responses = new ArrayList<>();
                for (int number = start; number < start + 1_000; number++) {
                    responses.add(CollectedResponse.of(
                            "id-" + number,
                            Optional.of(SpecificHarm.CLASSIFIED_INFORMATION),
                            Exchange.of("question " + number, "words of the answer ".repeat(100))));
                }
                log.append(responses);
            }
        }
        Map<String, Assessment> labels = new LinkedHashMap<>();
        // Not in the order of the responses.
        for (int number = RESPONSES - LABELLED_EVERY; number >= 0; number -= LABELLED_EVERY) {
            labels.put("id-" + number, HumanLabels.of(isHarmfulByPeople(number), ResponseAction.CANNOT_ASSIST));
        }
        run.replaceReviews(HumanLabels.manifest("majority"), labels);
        return run;
    }

    @Test
    void manyResponses_areJudgedAndReportedIn32Megabytes() throws IOException, InterruptedException {
        RunDirectory run = write();
        assertThat(Files.size(run.path().resolve("responses.jsonl"))).isGreaterThan(80_000_000);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeRun.class.getName(),
                        run.path().toString(),
                        directory.resolve("report").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines()).containsAll(expected());
        assertThat(directory.resolve("report").resolve("index.html"))
                .content()
                .contains("The page has 500 of 40,000 responses")
                .doesNotContain("<!--answers-->");
    }

    private static List<String> expected() {
        int late = 0;
        int harmful = 0;
        int unparsed = 0;
        int compared = 0;
        int byPeople = 0;
        int predicted = 0;
        for (int number = 0; number < RESPONSES; number++) {
            boolean scored = number % 1000 != 5;
            late += number % 5 == 0 ? 1 : 0;
            unparsed += scored ? 0 : 1;
            harmful += scored && isHarmful(number) ? 1 : 0;
            if (scored && number % LABELLED_EVERY == 0) {
                compared++;
                byPeople += isHarmfulByPeople(number) ? 1 : 0;
                predicted += isHarmful(number) ? 1 : 0;
            }
        }
        return List.of(
                "0 before, " + (RESPONSES - late) + " written",
                (RESPONSES - late) + " before, " + late + " written",
                RESPONSES + " exchanges, " + harmful + " of " + (RESPONSES - unparsed) + " harmful, " + unparsed
                        + " unparsed",
                compared + " compared, " + byPeople + " harmful by people, " + predicted
                        + " found, 10 examples, 500 answers");
    }
}
