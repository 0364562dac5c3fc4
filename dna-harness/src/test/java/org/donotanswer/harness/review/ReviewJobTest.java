package org.donotanswer.harness.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.review.EvaluatorStatistics.Cost;
import org.donotanswer.harness.review.EvaluatorStatistics.ResourceUsage;
import org.donotanswer.harness.review.ReviewJob.ReviewResult;
import org.donotanswer.harness.review.Reviewer.EscalationBand;
import org.donotanswer.harness.review.Reviewer.Stage;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ManifestMismatchException;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.ReviewLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunManifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewJobTest {
    @TempDir
    private Path directory;

    private RunDirectory run;

    @BeforeEach
    void makeRun() throws IOException {
        run = RunDirectory.openOrCreate(
                directory.resolve("run"),
                new RunManifest(Llm.of("fish"), "import", "0".repeat(64), 200, new TreeMap<>(), "1"));
    }

    /** Adds responses whose last word is a probability of harm or the reason of an unscored assessment. */
    private void respond(String... words) throws IOException {
        try (ResponseLog log = run.appendResponses()) {
            int id = run.responses().size();
            for (String word : words) {
                log.append(CollectedResponse.of(
                        Integer.toString(id),
                        Optional.empty(),
                        Exchange.of("question " + id++, word.isEmpty() ? "" : "secretword " + word)));
            }
        }
    }

    /** A scripted evaluator that records the exchanges. */
    private static final class Fake implements SafetyEvaluator {
        private final String name;
        private final Function<String, Assessment> script;
        private final List<Exchange> asked = new ArrayList<>();
        private boolean closed;

        Fake(String name, Function<String, Assessment> script) {
            this.name = name;
            this.script = script;
        }

        /** Returns an evaluator that reads its assessment from the last word. */
        static Fake reading(String name) {
            return new Fake(name, word -> word.startsWith("0") ? scored(name, word) : unscored(word));
        }

        static Assessment scored(String name, String probability) {
            return Scored.builder(name).harmful(Double.parseDouble(probability)).build();
        }

        static Assessment unscored(String reason) {
            return Unscored.of(UnscoredReason.valueOf(reason), "evaluator must score, but was " + reason);
        }

        @Override
        public Assessment evaluate(Exchange exchange) {
            asked.add(exchange);
            String text = exchange.response();
            return text.isEmpty()
                    ? unscored("EMPTY_RESPONSE")
                    : script.apply(text.substring(text.lastIndexOf(' ') + 1));
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder(name, "1").build();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private ReviewResult review(Reviewer reviewer) throws IOException, InterruptedException {
        return ReviewJob.run(run, reviewer, (done, steps) -> Progress.none());
    }

    private static Reviewer single(Fake fake) {
        return Reviewer.of("one", Stage.of(fake));
    }

    private static EvaluatorStatistics stage(
            String name, long arrived, long decided, long passedOn, long unscored, EvaluatorStatistics actual) {
        return new EvaluatorStatistics(name, arrived, decided, passedOn, unscored, actual.nanos(), actual.usage());
    }

    @Test
    void run_newRun_writesAllReviewsInOrder() throws Exception {
        respond("0.2", "", "0.8", "UNPARSED_REVIEW");
        Fake fake = Fake.reading("fake");

        ReviewResult result = review(single(fake));

        assertThat(result.isComplete()).isTrue();
        assertThat(result.written()).isEqualTo(4);
        Map<String, Assessment> reviews = run.reviews("one");
        assertThat(reviews.keySet()).containsExactly("0", "1", "2", "3");
        assertThat(reviews.get("2")).isEqualTo(Fake.scored("fake", "0.8"));
        assertThat(reviews.get("1")).isEqualTo(Fake.unscored("EMPTY_RESPONSE"));
        assertThat(run.reviewers().get("one").evaluator()).isEqualTo("fake");
        EvaluatorStatistics stage = result.statistics().stages().get(0);
        assertThat(stage).isEqualTo(stage("fake", 4, 2, 0, 2, stage));
        assertThat(ReviewStatistics.read(run, "one")).contains(result.statistics());
        assertThat(run.reviewers()).containsOnlyKeys("one");
    }

    @Test
    void run_again_evaluatesNewResponsesOnly() throws Exception {
        respond("0.2", "0.8");
        review(single(Fake.reading("fake")));
        respond("0.4");
        Fake fake = Fake.reading("fake");

        ReviewResult result = review(single(fake));

        assertThat(fake.asked).containsExactly(Exchange.of("question 2", "secretword 0.4"));
        assertThat(result.before()).isEqualTo(2);
        assertThat(result.written()).isEqualTo(1);
        assertThat(result.statistics().reviewed()).isEqualTo(3);
        assertThat(result.statistics().stages().get(0).arrived()).isEqualTo(3);
    }

    @Test
    void run_transientFailure_isTriedAgain() throws Exception {
        respond("0.2", "TIMEOUT", "EVALUATOR_UNAVAILABLE", "EVALUATOR_FAILURE");

        ReviewResult first = review(single(Fake.reading("fake")));

        assertThat(first.isComplete()).isFalse();
        assertThat(first.stopped()).isEmpty();
        assertThat(first.missing())
                .isEqualTo(Map.of(UnscoredReason.TIMEOUT, 1L, UnscoredReason.EVALUATOR_UNAVAILABLE, 1L));
        assertThat(run.reviews("one")).containsOnlyKeys("0", "3");
        assertThat(first.statistics().stages().get(0).arrived()).isEqualTo(2);

        Fake now = new Fake("fake", word -> Fake.scored("fake", "0.3"));
        assertThat(review(single(now)).isComplete()).isTrue();
        assertThat(now.asked).hasSize(2);
        assertThat(run.reviews("one").keySet()).containsExactly("0", "3", "1", "2");
    }

    @Test
    void run_manyResponses_writesBatchByBatch() throws Exception {
        String[] words = new String[150];
        Arrays.fill(words, "0.2");
        words[140] = "TIMEOUT";
        respond(words);
        List<Integer> onDisk = new ArrayList<>();
        Fake fake = new Fake("fake", word -> {
            try {
                onDisk.add(run.reviews("one").size());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return word.equals("TIMEOUT") ? Fake.unscored(word) : Fake.scored("fake", word);
        });

        ReviewResult result = review(single(fake));

        assertThat(onDisk).hasSize(150).containsOnly(0, 64, 128);
        assertThat(result.written()).isEqualTo(149);
        assertThat(result.missing()).isEqualTo(Map.of(UnscoredReason.TIMEOUT, 1L));
    }

    @Test
    void run_unavailableEvaluator_stopsAfterABatch() throws Exception {
        String[] words = new String[200];
        Arrays.fill(words, "EVALUATOR_UNAVAILABLE");
        respond(words);
        Fake fake = Fake.reading("fake");

        ReviewResult result = review(single(fake));

        assertThat(fake.asked).hasSize(ReviewJob.BATCH_SIZE);
        assertThat(result.stopped()).contains("evaluator must score, but was EVALUATOR_UNAVAILABLE");
        assertThat(run.reviews("one")).isEmpty();
    }

    @Test
    void run_evaluatorThatAlwaysFails_stopsAndWritesNoFailure() throws Exception {
        String[] words = new String[200];
        Arrays.fill(words, "EVALUATOR_FAILURE");
        words[3] = "";
        respond(words);
        Fake fake = Fake.reading("fake");

        ReviewResult result = review(single(fake));

        assertThat(fake.asked).hasSize(ReviewJob.BATCH_SIZE);
        assertThat(result.stopped()).contains("evaluator must score, but was EVALUATOR_FAILURE");
        assertThat(result.missing()).isEqualTo(Map.of(UnscoredReason.EVALUATOR_FAILURE, 63L));
        assertThat(run.reviews("one")).containsOnlyKeys("3");
    }

    @Test
    void run_cascade_countsTheDecidingStage() throws Exception {
        respond("0.01", "0.5", "0.99", "0.6", "", "UNSUPPORTED_LANGUAGE");
        Fake fast = Fake.reading("fast");
        Fake slow = new Fake(
                "slow", word -> word.equals("0.6") ? Fake.unscored("UNPARSED_REVIEW") : Fake.scored("slow", "0.2"));

        ReviewResult result = review(Reviewer.cascade(
                "both", List.of(Stage.of(fast), Stage.of(slow)), List.of(new EscalationBand(0.1, 0.9))));

        List<EvaluatorStatistics> stages = result.statistics().stages();
        assertThat(stages)
                .containsExactly(stage("fast", 6, 2, 3, 2, stages.get(0)), stage("slow", 3, 2, 0, 1, stages.get(1)));
        assertThat(run.reviews("both").get("1")).isEqualTo(Fake.scored("slow", "0.2"));
        assertThat(run.reviews("both").get("2")).isEqualTo(Fake.scored("fast", "0.99"));
        assertThat(run.reviews("both").get("3").isScored()).isFalse();
    }

    @Test
    void run_cascadeWithUnavailableStage_isNotFinal() throws Exception {
        respond("0.01", "0.5", "0.6");
        Fake fast = Fake.reading("fast");
        Fake away =
                new Fake("away", word -> word.equals("0.5") ? Fake.unscored("TIMEOUT") : Fake.scored("away", "0.5"));
        Fake last = new Fake("last", word -> Fake.scored("last", "0.2"));

        ReviewResult result = review(Reviewer.cascade(
                "three",
                List.of(Stage.of(fast), Stage.of(away), Stage.of(last)),
                List.of(EscalationBand.DEFAULT, EscalationBand.DEFAULT)));

        assertThat(run.reviews("three")).containsOnlyKeys("0", "2");
        assertThat(result.missing()).isEqualTo(Map.of(UnscoredReason.TIMEOUT, 1L));
        assertThat(result.statistics().stages())
                .extracting(EvaluatorStatistics::arrived)
                .containsExactly(2L, 1L, 1L);
    }

    @Test
    void run_ensemble_countsTheContributingMembers() throws Exception {
        respond("0.2", "UNPARSED_REVIEW", "TIMEOUT");
        Fake one = Fake.reading("one");
        Fake two = new Fake("two", word -> Fake.scored("two", "0.6"));
        Fake three = new Fake("three", word -> Fake.scored("three", "0.7"));

        ReviewResult result = review(Reviewer.ensemble(
                "all", List.of(Stage.of(one), Stage.of(two), Stage.of(three)), List.of(1.0, 1.0, 1.0)));

        List<EvaluatorStatistics> stages = result.statistics().stages();
        assertThat(stages)
                .containsExactly(
                        stage("one", 2, 1, 0, 1, stages.get(0)),
                        stage("two", 2, 2, 0, 0, stages.get(1)),
                        stage("three", 2, 2, 0, 0, stages.get(2)));
        assertThat(((Scored) run.reviews("all").get("0")).harmful().orElseThrow())
                .isCloseTo(0.5, within(1e-9));
        assertThat(run.reviews("all")).containsOnlyKeys("0", "1");
    }

    @Test
    void run_anotherEvaluatorUnderTheName_isRefused() throws Exception {
        respond("0.2");
        review(single(Fake.reading("fake")));

        assertThatExceptionOfType(ManifestMismatchException.class)
                .isThrownBy(() -> review(single(Fake.reading("other"))))
                .withMessageContaining("differ in evaluator: fake then, other now");
    }

    @Test
    void run_noResponses_isRefused() {
        assertThatIOException()
                .isThrownBy(() -> review(single(Fake.reading("fake"))))
                .withMessage("run must have responses, but had none (" + run.path() + ")");
        assertThat(run.path().resolve("reviews")).doesNotExist();
    }

    @Test
    void run_whileAnotherReviews_isRefused() throws Exception {
        respond("0.2");
        Reviewer reviewer = single(Fake.reading("fake"));
        try (ReviewLog log = run.appendReviews(reviewer.manifest())) {
            assertThat(log).isNotNull();
            assertThatIOException()
                    .isThrownBy(() -> review(reviewer))
                    .withMessageContaining("already open in this or another process");
        }
    }

    @Test
    void run_interrupted_dropsTheBatch() throws Exception {
        respond("0.2");
        Fake fake = new Fake("fake", word -> {
            Thread.currentThread().interrupt();
            return Fake.scored("fake", word);
        });

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> review(single(fake)));

        assertThat(Thread.interrupted()).isFalse();
        assertThat(run.reviews("one")).isEmpty();
        assertThat(review(single(Fake.reading("fake"))).isComplete()).isTrue();
    }

    @Test
    void run_malformedOrForeignStatistics_areRefused() throws Exception {
        respond("0.2");
        review(single(Fake.reading("fake")));
        Path file = run.path().resolve("statistics").resolve("one.json");
        String whole = Files.readString(file);

        for (String broken :
                List.of("", "[", whole.replace("\"arrived\" : 1", "\"arrived\" : -1"), whole.replace("nanos", "x"))) {
            Files.write(file, broken.getBytes(StandardCharsets.UTF_8));
            assertThatExceptionOfType(BadInputException.class).isThrownBy(() -> review(single(Fake.reading("fake"))));
        }
        Files.writeString(file, whole.replace("\"fake\"", "\"other\""));
        assertThatIOException()
                .isThrownBy(() -> review(single(Fake.reading("fake"))))
                .withMessageContaining("evaluator must be other, as before, but was fake");
        Files.delete(file);
        assertThat(review(single(Fake.reading("fake"))).statistics().reviewed()).isZero();
    }

    @Test
    void close_closesTheEvaluators() {
        Fake one = Fake.reading("one");
        Fake two = Fake.reading("two");
        Reviewer.ensemble("all", List.of(Stage.of(one), Stage.of(two)), List.of(1.0, 2.0))
                .close();

        assertThat(one.closed && two.closed).isTrue();
    }

    @Test
    void plus_costIsKnownIfAllCostsAre() {
        ResourceUsage free = new ResourceUsage(2, 0, new TokenUsage(5, 1), Optional.empty());
        ResourceUsage paid = new ResourceUsage(3, 1, new TokenUsage(10, 2), Optional.of(new Cost(0.5, "USD")));

        assertThat(paid.plus(paid).cost()).contains(new Cost(1, "USD"));
        assertThat(ResourceUsage.NOTHING.plus(paid)).isEqualTo(paid);
        assertThat(paid.plus(ResourceUsage.NOTHING)).isEqualTo(paid);
        assertThat(free.plus(paid)).isEqualTo(new ResourceUsage(5, 1, new TokenUsage(15, 3), Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> paid.plus(new ResourceUsage(1, 0, TokenUsage.NONE, Optional.of(new Cost(1, "EUR")))))
                .withMessage("currency must be USD, as before, but was EUR");
    }
}
