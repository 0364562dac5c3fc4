package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.PublishedFile;
import org.donotanswer.dataset.SampleData;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.ReviewLog;
import org.donotanswer.harness.run.ReviewManifest;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunManifest;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
    private static final int QUESTIONS = 12;

    @TempDir
    private Path directory;

    /** Creates a run with a number of responses and without reviews. */
    private RunDirectory run(String name, String llm, String questions, boolean benign) throws IOException {
        RunDirectory run = RunDirectory.openOrCreate(
                directory.resolve(name),
                new RunManifest(Llm.of(llm), "import", questions.repeat(64), QUESTIONS, new TreeMap<>(), "1"));
        try (ResponseLog log = run.appendResponses()) {
            for (int i = 0; i < QUESTIONS; i++) {
                log.append(new CollectedResponse(
                        "q" + i,
                        benign
                                ? Optional.empty()
                                : Optional.of(List.of(SpecificHarm.values()).get(5 * i)),
                        benign,
                        Exchange.of("ask <b>" + i, "<script>alert(" + i + ")</script>"),
                        Optional.of(Finish.STOP),
                        TokenUsage.NONE,
                        Optional.empty()));
            }
        }
        return run;
    }

    private static void review(RunDirectory run, String reviewer, int firstHarmful) throws IOException {
        Map<String, Assessment> reviews = new LinkedHashMap<>();
        for (int i = 0; i < QUESTIONS; i++) {
            boolean harmful = i >= firstHarmful;
            reviews.put(
                    "q" + i,
                    Scored.builder(reviewer)
                            .harmful(harmful ? 0.9 : 0.1)
                            .actions(Distribution.certain(
                                    harmful ? ResponseAction.FOLLOW_INSTRUCTION : ResponseAction.CANNOT_ASSIST))
                            .build());
        }
        try (ReviewLog log = run.appendReviews(new ReviewManifest(
                reviewer, reviewer + " 1", Provenance.builder(reviewer, "1").build()))) {
            log.append(reviews);
        }
    }

    private Path reviewed(String name, String llm, int firstHarmful) throws IOException {
        RunDirectory run = run(name, llm, "a", false);
        review(run, "human", firstHarmful);
        review(run, "judge", firstHarmful + 1);
        return run.path();
    }

    private Run report(Object... args) {
        Object[] all = new Object[args.length + 4];
        all[0] = "report";
        System.arraycopy(args, 0, all, 1, args.length);
        all[args.length + 1] = "--output";
        all[args.length + 2] = directory.resolve("out");
        all[args.length + 3] = "--overwrite";
        return Run.of(all);
    }

    private JsonNode written() throws IOException {
        return new JsonMapper().readTree(directory.resolve("out/report.json").toFile());
    }

    @Test
    void runs_areReported() throws IOException {
        Path one = reviewed("one", "alpha", 9);
        Path two = reviewed("two", "beta", 12);
        RunDirectory benign = run("three", "alpha", "b", true);
        review(benign, "judge", 3);

        Run run = report(one, two, "--benign", benign.path(), "--examples", 5, "--resamples", 50);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines())
                .contains(
                        "Safety of LLMs on 12 questions",
                        "  Responses: 36 (2 LLMs, 2 reviewers; 12 to benign instructions)",
                        "  Safe responses by people: 75.0 to 100.0 % (2 LLMs, a tie: all intervals overlap)",
                        "  Reviews without a label: 0 (left out of all scores)")
                .anySatisfy(line -> assertThat(line).startsWith("  judge: harmful responses found: 66.7 % ("));
        Path out = directory.resolve("out");
        assertThat(out.resolve("index.html")).isNotEmptyFile();
        assertThat(Files.readString(out.resolve("index.html"))).doesNotContain("<script>alert");
        assertThat(Files.readString(out.resolve("tables/ranking-by-human.csv"))).contains("beta", "alpha");
        assertThat(Files.readString(out.resolve("tables/over-refusal-by-llm.csv")))
                .contains("\"judge, alpha\",12,25");
        assertThat(written().toString()).contains("alpha (benign): responses.jsonl", "\"beta: questions\"");
    }

    @Test
    void title_namesTheBenchmark_onlyForItsPublishedQuestions() throws IOException {
        for (PublishedFile file : PublishedFile.essential()) {
            assertThat(titleOf(file.sha256(), 939)).isEqualTo("Safety of LLMs on Do-Not-Answer");
        }
        assertThat(titleOf("c".repeat(64), 939)).isEqualTo("Safety of LLMs on 939 questions");
        assertThat(titleOf("c".repeat(64), 1_200)).isEqualTo("Safety of LLMs on 1,200 questions");
        assertThat(titleOf("c".repeat(64), 1)).isEqualTo("Safety of LLMs on 1 question");
    }

    /** Returns the title of the report of a run, which is the same in all formats. */
    private String titleOf(String questions, int count) throws IOException {
        RunDirectory run = RunDirectory.openOrCreate(
                directory.resolve(questions.substring(0, 8) + count),
                new RunManifest(Llm.of("alpha"), "import", questions, count, new TreeMap<>(), "1"));
        try (ResponseLog log = run.appendResponses()) {
            log.append(CollectedResponse.of("q0", Optional.empty(), Exchange.of("i", "r")));
        }
        try (ReviewLog log = run.appendReviews(new ReviewManifest(
                "judge", "judge 1", Provenance.builder("judge", "1").build()))) {
            log.append(Map.of("q0", Scored.builder("judge").harmful(0.2).build()));
        }
        Run reported = report(run.path(), "--resamples", 5);
        String title = written().path("title").asText();
        assertThat(reported.lines()).startsWith(title);
        assertThat(Files.readString(directory.resolve("out/report.md"))).startsWith("# " + title + "\n");
        assertThat(Files.readString(directory.resolve("out/index.html"))).contains("<title>" + title + "</title>");
        return title;
    }

    @Test
    void sameInput_givesTheSameFiles() throws IOException {
        Path run = reviewed("one", "alpha", 9);
        assertThat(report(run, "--resamples", 20).exitCode()).isZero();
        String first = Files.readString(directory.resolve("out/report.json"));

        assertThat(report(run, "--resamples", 20).exitCode()).isZero();

        assertThat(Files.readString(directory.resolve("out/report.json"))).isEqualTo(first);
    }

    @Test
    void incompleteRun_isNamed() throws IOException {
        RunDirectory run = RunDirectory.openOrCreate(
                directory.resolve("part"),
                new RunManifest(Llm.of("alpha"), "import", "a".repeat(64), 939, new TreeMap<>(), "1"));
        try (ResponseLog log = run.appendResponses()) {
            log.append(CollectedResponse.of("q0", Optional.empty(), Exchange.of("i", "r")));
        }
        try (ReviewLog log = run.appendReviews(new ReviewManifest(
                "judge", "judge 1", Provenance.builder("judge", "1").build()))) {
            log.append(Map.of("q0", Scored.builder("judge").harmful(0.2).build()));
        }

        assertThat(report(run.path()).exitCode()).isZero();
        assertThat(Files.readString(directory.resolve("out/report.md")))
                .contains("alpha responded to 1 of 939 questions: the run is incomplete.")
                .contains("There are no reviews by people")
                .contains("- reference: none\n");
    }

    private void assertFails(String message, Object... args) {
        Run run = report(args);
        assertThat(run.err()).isEqualTo("dna report: " + message.replace("DIR", directory.toString()) + "\n");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(directory.resolve("out/index.html")).doesNotExist();
    }

    @Test
    void badRuns_areRefused() throws IOException {
        Path one = reviewed("one", "alpha", 9);
        Path again = reviewed("again", "alpha", 9);
        Path other = run("other", "beta", "b", false).path();
        Path bare = run("bare", "gamma", "a", false).path();

        assertFails(
                "directory must be that of a run, with a manifest, but was missing (DIR/none/manifest.json)",
                directory.resolve("none"));
        assertFails("runs must be of different LLMs, but two were of alpha (DIR/again)", one, again);
        assertFails(
                "runs of one report must have the same questions, but alpha (DIR/one) had 12 questions, and beta"
                        + " (DIR/other) had 12 questions of another file; report them separately",
                one,
                other);
        assertFails("run must have reviews, but had none (DIR/bare)", one, bare);
        assertFails(
                "reference must be one of the reviewers [human, judge], but was oracle", one, "--reference", "oracle");
        assertFails(
                "run given as benign must have only benign instructions, but had some with a harm (DIR/again)",
                one,
                "--benign",
                again);
    }

    @Test
    void brokenFilesOfRuns_areNamed() throws IOException {
        Path one = reviewed("one", "alpha", 9);
        Path responses = one.resolve("responses.jsonl");
        String lines = Files.readString(responses);
        Files.writeString(responses, lines + lines.lines().findFirst().orElseThrow() + "\n");
        assertFails("id must be unique, but was repeated (" + responses + ", line 13, column id)", one);

        Files.writeString(responses, lines.lines().skip(1).findFirst().orElseThrow() + "\n");
        assertFails("review must be of a response of the run, but was of another (DIR/one, reviewer human)", one);
    }

    @Test
    void jsonLines_areReported() throws IOException {
        Path input = Files.writeString(
                directory.resolve("x.jsonl"),
                """
                {"id":"1","llm":"a","instruction":"i","response":"r","reviews":{"human":{"harmful":1,"action":"FOLLOW_INSTRUCTION"},"j":{"harmful":1}}}
                {"id":"2","llm":"a","instruction":"i","response":"r","reviews":{"human":{"harmful":0,"action":"CANNOT_ASSIST"},"j":{"harmful":1}}}
                """);

        Run run = report("--input", input, "--resamples", 10);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Safe responses of a by people: 50.0 % (1 of 2; 9.5 to 90.5 %)");
        assertThat(Files.readString(directory.resolve("out/tables/agreement-harmful-class.csv")))
                .contains("j,0.5,");
    }

    @Test
    void givenAccuracy_correctsShares() throws IOException {
        Path one = reviewed("one", "alpha", 9);

        Run run = report(one, "--accuracy", "judge=18/20,95/100", "--resamples", 10);

        assertThat(run.err()).isEmpty();
        assertThat(Files.readString(directory.resolve("out/tables/ranking-by-judge.csv")))
                .contains(",Known from", ",90,", ",95,", ",given");
        assertThat(written().toString()).contains("\"accuracy of judge\"", "18/20,95/100");
        directory.resolve("out/index.html").toFile().delete();
        assertFails(
                "accuracy must be that of one of the reviewers [human, judge], but was that of other",
                one,
                "--accuracy",
                "other=1/2,1/2");
    }

    private static void annotate(Path run, String name, int firstHarmful) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < QUESTIONS; i++) {
            lines.append("{\"id\":\"q").append(i).append("\",\"harmful\":").append(i >= firstHarmful);
            lines.append(",\"action\":null}\n");
        }
        Files.createDirectories(run.resolve("annotations"));
        Files.writeString(run.resolve("annotations/" + name + ".jsonl"), lines);
    }

    @Test
    void annotatorsAgreement_isShownIfThereAreTwo() throws IOException {
        Path one = reviewed("one", "alpha", 9);
        annotate(one, "ann", 9);

        assertThat(report(one, "--resamples", 10).exitCode()).isZero();
        assertThat(directory.resolve("out/tables/annotator-agreement.csv")).doesNotExist();

        annotate(one, "bob", 6);
        Run run = report(one, "--resamples", 10);

        assertThat(run.err()).isEmpty();
        // Nine of twelve pairs agree. Of 24 labels, 9 are harmful: by chance, (9/24)^2 + (15/24)^2 = 0.53125 agree.
        assertThat(Files.readString(directory.resolve("out/tables/annotator-agreement.csv")))
                .contains("harmful or not,75,", ",0.46666", ",12,12")
                .doesNotContain("action,");
        Files.writeString(one.resolve("annotations/bob.jsonl"), "{");
        directory.resolve("out/index.html").toFile().delete();
        assertFails("line must be a JSON object, but was broken (DIR/one/annotations/bob.jsonl, line 1)", one);
    }

    @Test
    void examples_areTenUnlessAskedForOthers() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            lines.append("{\"id\":\"").append(i).append("\",\"llm\":\"a\",\"instruction\":\"i\",\"response\":\"r\",");
            lines.append("\"reviews\":{\"human\":{\"harmful\":1,\"action\":\"FOLLOW_INSTRUCTION\"}}}\n");
        }
        Path input = Files.writeString(directory.resolve("x.jsonl"), lines);

        assertThat(report("--input", input, "--resamples", 10).exitCode()).isZero();
        assertThat(written().findValue("examples").size()).isEqualTo(10);

        assertThat(report("--input", input, "--resamples", 10, "--examples", 0).exitCode())
                .isZero();
        assertThat(written().findValue("examples")).isNull();
    }

    @Test
    void answers_areOnThePage_unlessNoTextShallBe() throws IOException {
        Path input = Files.writeString(
                directory.resolve("x.jsonl"),
                """
                {"id":"1","llm":"a","instruction":"ask","response":"a gondola","reviews":{"human":{"harmful":0}}}
                {"id":"2","llm":"a","instruction":"ask","response":"a kayak","reviews":{"human":{"harmful":1}}}
                """);
        Path page = directory.resolve("out/index.html");

        assertThat(report("--input", input, "--resamples", 10).exitCode()).isZero();
        assertThat(Files.readString(page)).contains("a gondola", "a kayak", "The page has all 2 responses.");
        // Texts are in the page alone; the example is in all.
        assertThat(Files.readString(directory.resolve("out/report.json")))
                .contains("\"type\" : \"answers\"", "\"total\" : 2", "a kayak")
                .doesNotContain("a gondola");

        assertThat(report("--input", input, "--resamples", 10, "--answers", 1).exitCode())
                .isZero();
        assertThat(Files.readString(page))
                .contains("The page has 1 of 2 responses", "a kayak")
                .doesNotContain("gondola");

        for (Object[] option : new Object[][] {{"--examples", 0}, {"--examples", 0, "--answers", 0}}) {
            List<Object> args = new ArrayList<>(List.of("--input", input, "--resamples", 10));
            args.addAll(Arrays.asList(option));
            assertThat(report(args.toArray()).exitCode()).isZero();
            for (String name : List.of("index.html", "report.md", "report.json")) {
                assertThat(Files.readString(directory.resolve("out").resolve(name)))
                        .doesNotContain("gondola", "kayak");
            }
        }
    }

    @Test
    void pricesKnownLater_giveTheCost() throws IOException {
        Path one = reviewed("one", "alpha", 9);
        Files.createDirectories(one.resolve("statistics"));
        Files.writeString(
                one.resolve("statistics/judge.json"),
                """
                {"formatVersion": 1, "reviewed": 12, "batchesBegun": 1, "batchesEnded": 1, "stages": [
                  {"evaluator": "judge-1 (rubric 1)", "arrived": 12, "decided": 12, "passedOn": 0, "unscored": 0, "nanos": 5,
                   "requests": 12, "cacheHits": 0, "inputTokens": 40000, "outputTokens": 1000}]}
                """);
        Path cost = directory.resolve("out/tables/cost-judge.csv");

        assertThat(report(one, "--resamples", 10).exitCode()).isZero();
        assertThat(Files.readString(cost)).contains(",40000,1000,price not given");

        assertThat(report(one, "--resamples", 10, "--price", "judge-1=2.5/10").err())
                .isEmpty();
        assertThat(Files.readString(cost)).contains(",40000,1000,0.1100 USD");
        assertThat(written().toString()).contains("\"price of judge-1\"", "2.5/10.0 USD for a million tokens");

        assertThat(report(one, "--resamples", 10, "--price", "judge-1 (rubric 1)=100/100,EUR")
                        .err())
                .isEmpty();
        assertThat(Files.readString(cost)).contains(",40000,1000,4.10 EUR");

        directory.resolve("out/index.html").toFile().delete();
        assertFails(
                "price must be that of one of [judge-1, judge-1 (rubric 1)], but was that of judge",
                one,
                "--resamples",
                10,
                "--price",
                "judge=1/1");
    }

    @Test
    void costOfCollecting_isShown_ifTokensWereCounted() throws IOException {
        Path one = reviewed("one", "alpha", 9);
        Path responses = one.resolve("responses.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(responses));
        CollectedResponse first =
                RunDirectory.open(one).responses().values().iterator().next();
        lines.set(
                0,
                new CollectedResponse(
                                first.id(),
                                first.specificHarm(),
                                first.benign(),
                                first.exchange(),
                                first.finish(),
                                new TokenUsage(3_000, 2_000),
                                first.model())
                        .toJsonLine());
        Files.write(responses, lines);
        Path cost = directory.resolve("out/tables/collecting-cost.csv");

        assertThat(report(one, "--resamples", 10).err()).isEmpty();
        assertThat(Files.readString(cost)).contains("alpha,12,3000,2000,price not given");
        assertThat(report(one, "--resamples", 10, "--price", "alpha=1000/2000").err())
                .isEmpty();
        assertThat(Files.readString(cost)).contains("alpha,12,3000,2000,7.00 USD");
    }

    @Test
    void badJsonLines_areRefused() throws IOException {
        Path empty = Files.writeString(directory.resolve("x.jsonl"), "\n");
        Path unreviewed = Files.writeString(
                directory.resolve("y.jsonl"),
                "{\"id\":\"1\",\"llm\":\"a\",\"instruction\":\"i\",\"response\":\"r\"}\n");
        Path broken = Files.writeString(directory.resolve("z.jsonl"), "{");

        assertFails("exchanges must be at least 1, but were 0", "--input", empty);
        assertFails("exchanges must have reviews, but had none", "--input", unreviewed);
        assertFails("line must be a JSON object, but was broken (DIR/z.jsonl, line 1)", "--input", broken);
        assertFails("file must exist, but was missing (DIR/none)", "--input", directory.resolve("none"));
    }

    @Test
    void published_isReplicated_asFarAsThereAreReviews() throws IOException {
        Path data = SampleData.copyTo(directory.resolve("data"));

        Run run = report("--replicate", data, "--resamples", 20);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Do-Not-Answer, replicated\n");
        assertThat(directory.resolve("out/tables/paper-safe-share.tex")).isNotEmptyFile();
        assertThat(directory.resolve("out/tables/paper-longformer-bert.csv")).doesNotExist();
    }

    @Test
    void outputThatIsAFile_isRefused() throws IOException {
        Path run = reviewed("one", "alpha", 9);
        Files.writeString(directory.resolve("out"), "mine");

        Run failed = report(run);

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("output must be a directory, but was a file");
        assertThat(directory.resolve("out")).hasContent("mine");
    }

    @Test
    void wrongUsage_isNamed() {
        for (Object[] args : new Object[][] {
            {},
            {"run", "--input", "x"},
            {"--input", "x", "--replicate", "y"},
            {"--input", "x", "--benign", "y"},
            {"run", "--resamples", 0},
            {"run", "--examples", -1},
            {"run", "--threshold", 2},
            {"--replicate", "x", "--reference", "y"},
            {"--replicate", "x", "--random-sample"},
            {"run", "--accuracy", "judge"},
            {"run", "--accuracy", "judge=0.9,0.8"},
            {"run", "--accuracy", "judge=3/2,1/1"},
            {"run", "--answers", -1},
            {"run", "--answers", 20_001},
            {"run", "--price", "judge"},
            {"run", "--price", "judge=1"},
            {"run", "--price", "judge=-1/1"},
            {"run", "--price", "judge=1/1,"},
            {"run", "--price", "judge=1/1", "--price", "judge=1/2"},
            {"--input", "x", "--price", "judge=1/1"},
            {"run", "--accuracy", "judge=0/0,1/1"},
            {"run", "--accuracy", "judge=1/2,1/1", "--accuracy", "judge=1/2,1/1"},
            {"run", "--accuracy", "human=1/2,1/1"}
        }) {
            Run run = report(args);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
            assertThat(run.err()).contains(", but was ");
        }
        assertThat(report().err())
                .startsWith("dna report: one of RUN, --input and --replicate must be given, but was none");
    }
}
