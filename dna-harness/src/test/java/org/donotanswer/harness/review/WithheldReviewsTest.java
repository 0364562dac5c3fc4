package org.donotanswer.harness.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.review.ReviewJob.ReviewResult;
import org.donotanswer.harness.review.Reviewer.EscalationBand;
import org.donotanswer.harness.review.Reviewer.Stage;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunManifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reviews on which a stage failed, and batches without results. */
class WithheldReviewsTest {
    private static final String BROKEN = "request must be accepted, but was not (status 400)";

    @TempDir
    private Path directory;

    /** Returns a run with these responses. */
    private RunDirectory run(String name, List<String> words) throws IOException {
        RunDirectory run = RunDirectory.openOrCreate(
                directory.resolve(name),
                new RunManifest(Llm.of("fish"), "import", "0".repeat(64), 2_000, new TreeMap<>(), "1"));
        try (ResponseLog log = run.appendResponses()) {
            for (int i = 0; i < words.size(); i++) {
                log.append(CollectedResponse.of(
                        Integer.toString(i), Optional.empty(), Exchange.of("question " + i, words.get(i))));
            }
        }
        return run;
    }

    /** Returns the responses of several batches, the first ones of each batch "open". */
    private static List<String> open(int batches, int each) {
        return IntStream.range(0, batches * ReviewJob.BATCH_SIZE)
                .mapToObj(i -> i % ReviewJob.BATCH_SIZE < each ? "open" : "sure")
                .toList();
    }

    private record Scripted(String name, Function<Exchange, Assessment> script) implements SafetyEvaluator {
        @Override
        public Assessment evaluate(Exchange exchange) {
            return script.apply(exchange);
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder(name, "1").build();
        }

        @Override
        public void close() {}
    }

    private static Assessment scored(String name, double harmful) {
        return Scored.builder(name).harmful(harmful).build();
    }

    private static Assessment unscored(UnscoredReason reason) {
        return Unscored.of(reason, reason == UnscoredReason.EVALUATOR_FAILURE ? BROKEN : "was " + reason);
    }

    private static Assessment failure() {
        return unscored(UnscoredReason.EVALUATOR_FAILURE);
    }

    private static Reviewer cascade(Function<Exchange, Assessment> last) {
        return Reviewer.cascade(
                "both",
                List.of(
                        Stage.of(new Scripted(
                                "fast",
                                exchange -> scored("fast", exchange.response().equals("open") ? 0.5 : 0.01))),
                        Stage.of(new Scripted("last", last))),
                List.of(EscalationBand.DEFAULT));
    }

    private static ReviewResult review(RunDirectory run, Reviewer reviewer) throws IOException, InterruptedException {
        return ReviewJob.run(run, reviewer, (done, steps) -> Progress.none());
    }

    @Test
    void run_lastStageAlwaysFails_stopsAfterSeveralBatches() throws Exception {
        RunDirectory run = run("run", open(5, 3));
        AtomicInteger asked = new AtomicInteger();

        ReviewResult result = review(run, cascade(exchange -> {
            asked.incrementAndGet();
            return failure();
        }));

        // Three per batch: the limit of 8 is reached in the third.
        assertThat(asked).hasValue(9);
        assertThat(result.evaluatorDown()).isTrue();
        assertThat(result.stopped()).contains(BROKEN);
        assertThat(result.missing()).isEqualTo(Map.of(UnscoredReason.EVALUATOR_FAILURE, 9L));
        assertThat(run.reviews("both")).hasSize(3 * 61).doesNotContainKeys("0", "64", "128");
        assertThat(result.statistics().reviewed()).isEqualTo(3 * 61);
        assertThat(result.statistics().stages().get(1).arrived()).isZero();
    }

    @Test
    void run_fewFailuresOnly_areNotFinal() throws Exception {
        RunDirectory run = run("run", List.of("open", "sure", "open"));

        ReviewResult result = review(run, cascade(exchange -> failure()));

        assertThat(result.isComplete()).isFalse();
        assertThat(result.stopped()).contains(BROKEN);
        assertThat(result.evaluatorDown()).isFalse();
        assertThat(result.missing()).isEqualTo(Map.of(UnscoredReason.EVALUATOR_FAILURE, 2L));
        assertThat(run.reviews("both")).containsOnlyKeys("1");
        assertThat(review(run, cascade(exchange -> scored("last", 0.2))).isComplete())
                .isTrue();
    }

    @Test
    void run_severalRuns_countFailuresTogether() throws Exception {
        Reviewer reviewer = cascade(exchange -> failure());

        assertThat(review(run("one", open(1, 5)), reviewer).evaluatorDown()).isFalse();
        assertThat(review(run("two", open(1, 5)), reviewer).evaluatorDown()).isTrue();
    }

    @Test
    void run_stageWorksLater_failuresBecomeFinal() throws Exception {
        RunDirectory run = run("run", open(3, 2));
        List<Integer> onDisk = new ArrayList<>();

        ReviewResult result = review(run, cascade(exchange -> {
            try {
                onDisk.add(run.reviews("both").size());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return exchange.instruction().equals("question 65") ? scored("last", 0.3) : failure();
        }));

        // The failures of the first batch wait for a score in the second; those of the third, for the end.
        assertThat(onDisk).containsExactly(0, 0, 62, 62, 128, 128);
        assertThat(result.isComplete()).isTrue();
        assertThat(result.stopped()).isEmpty();
        assertThat(run.reviews("both").get("0")).isEqualTo(failure());
        EvaluatorStatistics last = result.statistics().stages().get(1);
        assertThat(last).isEqualTo(new EvaluatorStatistics("last", 6, 1, 0, 5, last.nanos(), last.usage()));
        assertThat(result.statistics().stages().get(0).arrived()).isEqualTo(192);
        assertThat(ReviewStatistics.read(run, "both")).contains(result.statistics());
    }

    @Test
    void run_stageBreaksLater_stops() throws Exception {
        RunDirectory run = run("run", open(6, 3));

        ReviewResult result = review(
                run,
                cascade(exchange ->
                        exchange.instruction().matches("question [012]") ? scored("last", 0.3) : failure()));

        assertThat(result.evaluatorDown()).isTrue();
        assertThat(result.missing()).isEqualTo(Map.of(UnscoredReason.EVALUATOR_FAILURE, 9L));
        assertThat(run.reviews("both")).hasSize(64 + 3 * 61);
    }

    @Test
    void run_stageScoredInAnEarlierCall_failureIsFinal() throws Exception {
        RunDirectory run = run("run", List.of("open", "open"));
        review(
                run,
                cascade(exchange -> exchange.instruction().equals("question 0")
                        ? scored("last", 0.3)
                        : unscored(UnscoredReason.TIMEOUT)));

        ReviewResult again = review(run, cascade(exchange -> failure()));

        assertThat(again.isComplete()).isTrue();
        assertThat(run.reviews("both").get("1")).isEqualTo(failure());
    }

    @Test
    void run_fewTransientFailures_areReported() throws Exception {
        RunDirectory run = run("run", List.of("open"));

        ReviewResult result = review(run, cascade(exchange -> unscored(UnscoredReason.TIMEOUT)));

        assertThat(result.evaluatorDown()).isFalse();
        assertThat(result.stopped()).contains("was TIMEOUT");
        assertThat(result.missing()).isEqualTo(Map.of(UnscoredReason.TIMEOUT, 1L));
    }

    @Test
    void cutOff_killedBatch_isCounted() throws Exception {
        RunDirectory run = run("run", List.of("one"));
        Scripted killed = new Scripted("fake", exchange -> {
            throw new IllegalStateException("killed");
        });
        assertThatIllegalStateException().isThrownBy(() -> review(run, Reviewer.of("one", Stage.of(killed))));
        assertThat(ReviewStatistics.read(run, "one").orElseThrow().cutOff()).isEqualTo(1);

        ReviewStatistics then = review(
                        run, Reviewer.of("one", Stage.of(new Scripted("fake", exchange -> scored("fake", 0.2)))))
                .statistics();

        assertThat(then.cutOff()).isEqualTo(1);
        assertThat(then.begun()).isEqualTo(2);
        assertThat(then.reviewed()).isEqualTo(1);
    }

    @Test
    void cutOff_statisticsWithoutBatches_isZero() throws Exception {
        RunDirectory run = run("run", List.of("one"));
        review(run, Reviewer.of("one", Stage.of(new Scripted("fake", exchange -> scored("fake", 0.2)))));
        Path file = run.path().resolve("statistics").resolve("one.json");
        Files.writeString(file, Files.readString(file).replaceAll("\"batches.*\\n", ""));

        assertThat(ReviewStatistics.read(run, "one").orElseThrow().cutOff()).isZero();
    }
}
