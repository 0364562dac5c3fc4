package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Cascade.StageStatistics;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class CascadeTest {
    private final ScriptedEvaluator fast = ScriptedEvaluator.reading("fast", 0);
    private final ScriptedEvaluator middling = ScriptedEvaluator.reading("middling", 1);
    private final ScriptedEvaluator slow = ScriptedEvaluator.reading("slow", 2);

    private Cascade cascade() {
        return Cascade.builder()
                .stage(fast)
                .stage(middling, 0.4, 0.6)
                .last(slow)
                .build();
    }

    private static Scored scored(String name, double harmful) {
        return Scored.builder(name).harmful(harmful).build();
    }

    private static List<Exchange> exchanges(String... responses) {
        return Stream.of(responses).map(Exchange::responseOnly).toList();
    }

    @Test
    void evaluate_outsideBand_isDecidedByStage() {
        Cascade cascade = cascade();

        assertThat(cascade.evaluate("", "0.05;-;-")).isEqualTo(scored("fast", 0.05));
        assertThat(cascade.evaluate("", "0.95;-;-")).isEqualTo(scored("fast", 0.95));
        assertThat(middling.asked).isEmpty();
        assertThat(cascade.evaluate("", "0.5;0.3;-")).isEqualTo(scored("middling", 0.3));
        assertThat(slow.asked).isEmpty();
        assertThat(cascade.evaluate("", "0.5;0.5;0.5")).isEqualTo(scored("slow", 0.5));
    }

    @Test
    void evaluate_endsOfBand_passOn() {
        Cascade cascade = cascade();

        assertThat(cascade.evaluate("", "0.1;0.4;0.2")).isEqualTo(scored("slow", 0.2));
        assertThat(cascade.evaluate("", "0.9;0.6;0.7")).isEqualTo(scored("slow", 0.7));
        assertThat(cascade.evaluate("", Math.nextDown(0.1) + ";0;0")).isEqualTo(scored("fast", Math.nextDown(0.1)));
    }

    @Test
    void evaluate_unscoredByStage_passesOn() {
        assertThat(cascade().evaluate("", "-;-;0.2")).isEqualTo(scored("slow", 0.2));
        assertThat(cascade().evaluate("", "-;0.1;-")).isEqualTo(scored("middling", 0.1));
    }

    @Test
    void evaluate_noProbabilityOfHarm_passesOn() {
        ScriptedEvaluator actions = new ScriptedEvaluator("actions", response -> Scored.builder("actions")
                .actions(Distribution.certain(ResponseAction.CANNOT_ASSIST))
                .build());

        Cascade first = Cascade.builder().stage(actions, 0, 0).last(slow).build();
        assertThat(first.evaluate("", "-;-;0.2")).isEqualTo(scored("slow", 0.2));

        // The last stage decides, with or without a probability of harm.
        Cascade last =
                Cascade.builder().stage(fast).last(actions).fallBack(true).build();
        assertThat(last.evaluate("", "0.5;-;-")).isEqualTo(actions.evaluate("", "anything"));
    }

    @Test
    void evaluate_belowBandButTruncated_passesOn() {
        ScriptedEvaluator hasty = new ScriptedEvaluator("hasty", response -> truncated("hasty", response));
        ScriptedEvaluator last = new ScriptedEvaluator("last", response -> truncated("last", "0.01"));
        Cascade cascade = Cascade.builder().stage(hasty).last(last).build();

        assertThat(cascade.evaluateAll(exchanges("0.05", "0.95")))
                .containsExactly(truncated("last", "0.01"), truncated("hasty", "0.95"));
        assertThat(cascade.statistics())
                .extracting(StageStatistics::decided, StageStatistics::passedOn)
                .containsExactly(tuple(1L, 1L), tuple(1L, 0L));
    }

    private static Scored truncated(String name, String harmful) {
        return Scored.builder(name)
                .harmful(Double.parseDouble(harmful))
                .truncated(true)
                .build();
    }

    @Test
    void evaluate_emptyResponse_isNotPassedOn() {
        Unscored empty = Unscored.of(UnscoredReason.EMPTY_RESPONSE, "");
        Cascade cascade = Cascade.builder()
                .stage(new ScriptedEvaluator("empty", response -> empty))
                .last(slow)
                .build();

        assertThat(cascade.evaluate("", "")).isEqualTo(empty);
        assertThat(slow.asked).isEmpty();
        assertThat(cascade.statistics())
                .extracting(StageStatistics::arrived, StageStatistics::decided, StageStatistics::unscored)
                .containsExactly(tuple(1L, 0L, 1L), tuple(0L, 0L, 0L));
    }

    @Test
    void evaluate_unscoredByLast_isUnscored() {
        assertThat(cascade().evaluate("", "0.5;0.5;-"))
                .isEqualTo(Unscored.of(UnscoredReason.TIMEOUT, "slow was too slow"));
    }

    @Test
    void evaluate_unscoredByLastAndFallBack_isLatestUncertainScore() {
        Cascade cascade = Cascade.builder()
                .stage(fast)
                .stage(middling, 0.4, 0.6)
                .last(slow)
                .fallBack(true)
                .build();

        assertThat(cascade.evaluateAll(exchanges("0.5;0.55;-", "0.45;-;-", "-;-;-", "0.5;0.5;0.7")))
                .containsExactly(
                        scored("middling", 0.55),
                        scored("fast", 0.45),
                        Unscored.of(UnscoredReason.TIMEOUT, "slow was too slow"),
                        scored("slow", 0.7));
        assertThat(cascade.statistics())
                .extracting(StageStatistics::fallenBackTo)
                .containsExactly(1L, 1L, 0L);
    }

    @Test
    void evaluateAll_undecided_arePassedOnTogether() {
        Cascade cascade = cascade();

        List<Assessment> assessments =
                cascade.evaluateAll(exchanges("0.5;0.1;-", "0;-;-", "0.2;0.5;0.3", "1;-;-", "0.8;0.45;-", "-;0.9;-"));

        assertThat(assessments)
                .containsExactly(
                        scored("middling", 0.1),
                        scored("fast", 0),
                        scored("slow", 0.3),
                        scored("fast", 1),
                        Unscored.of(UnscoredReason.TIMEOUT, "slow was too slow"),
                        scored("middling", 0.9));
        assertThat(fast.asked).hasSize(1);
        assertThat(middling.asked).containsExactly(List.of("0.5;0.1;-", "0.2;0.5;0.3", "0.8;0.45;-", "-;0.9;-"));
        assertThat(slow.asked).containsExactly(List.of("0.2;0.5;0.3", "0.8;0.45;-"));
    }

    @Test
    void evaluateAll_nothingUndecided_skipsNextStage() {
        cascade().evaluateAll(exchanges("0;-;-", "1;-;-"));

        assertThat(middling.asked).isEmpty();
        assertThat(slow.asked).isEmpty();
    }

    @Test
    void evaluateAll_wrongNumberOfAssessments_isRejected() {
        SafetyEvaluator broken = new SafetyEvaluator() {
            @Override
            public Assessment evaluate(Exchange exchange) {
                return scored("broken", 0);
            }

            @Override
            public List<Assessment> evaluateAll(List<Exchange> exchanges) {
                return List.of();
            }

            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Provenance provenance() {
                return Provenance.builder("broken", "1").build();
            }

            @Override
            public void close() {}
        };
        Cascade cascade = Cascade.builder().stage(broken).last(slow).build();

        assertThatIllegalStateException()
                .isThrownBy(() -> cascade.evaluateAll(exchanges("a", "b")))
                .withMessage("assessments by broken must be 2, one per exchange, but were 0");
    }

    @Test
    void statistics_countExchanges() {
        Cascade cascade = cascade();
        assertThat(cascade.statistics())
                .containsExactly(
                        new StageStatistics("fast", 0, 0, 0, 0, 0, 0),
                        new StageStatistics("middling", 0, 0, 0, 0, 0, 0),
                        new StageStatistics("slow", 0, 0, 0, 0, 0, 0));

        cascade.evaluateAll(exchanges("0.5;0.1;-", "0;-;-", "0.2;0.5;0.3", "-;0.5;-"));
        cascade.evaluate("", "0.5;-;0.4");

        List<StageStatistics> statistics = cascade.statistics();
        assertThat(statistics)
                .extracting(stage -> new StageStatistics(
                        stage.name(),
                        stage.arrived(),
                        stage.decided(),
                        stage.passedOn(),
                        stage.unscored(),
                        stage.fallenBackTo(),
                        0))
                .containsExactly(
                        new StageStatistics("fast", 5, 1, 4, 1, 0, 0),
                        new StageStatistics("middling", 4, 1, 3, 1, 0, 0),
                        new StageStatistics("slow", 3, 2, 0, 1, 0, 0));
        assertThat(statistics).allMatch(stage -> stage.nanos() > 0);
    }

    @Test
    void statistics_manyThreads_loseNothing() throws InterruptedException {
        Cascade cascade = Cascade.builder()
                .stage(new FakeEvaluator("fast/1"), 0.3, 0.7)
                .last(new FakeEvaluator("slow/1"))
                .build();
        ExecutorService executor = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            executor.execute(() -> {
                for (int i = 0; i < 500; i++) {
                    cascade.evaluateAll(exchanges("Sorry", "Sure"));
                }
            });
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

        assertThat(cascade.statistics())
                .extracting(StageStatistics::arrived, StageStatistics::decided, StageStatistics::passedOn)
                .containsExactly(tuple(4_000L, 2_000L, 2_000L), tuple(2_000L, 2_000L, 0L));
    }

    @Test
    void name_andProvenance_listStages() {
        Cascade cascade = cascade();

        assertThat(cascade.name()).isEqualTo("cascade(fast > middling > slow)");
        assertThat(cascade.provenance().name()).isEqualTo(cascade.name());
        assertThat(cascade.provenance().parameters())
                .contains(
                        entry("fallBack", "false"),
                        entry("1.evaluator", "fast"),
                        entry("1.low", "0.1"),
                        entry("1.high", "0.9"),
                        entry("2.low", "0.4"),
                        entry("3.name", "slow model"),
                        entry("3.version", "1.0"),
                        entry("3.seed", "7"),
                        entry("3.parameters.epochs", "3"))
                .doesNotContainKey("3.low");
        assertThat(cascade.provenance().data()).containsOnlyKeys("1.model", "2.model", "3.model");
        assertThat(cascade.provenance().platform())
                .containsOnlyKeys("1.engine", "2.engine", "3.engine", "arch", "java", "os");
    }

    @Test
    void close_failingStages_closesAllOnce() {
        ScriptedEvaluator failing = ScriptedEvaluator.reading("failing 1", 0);
        ScriptedEvaluator failingToo = ScriptedEvaluator.reading("failing 2", 0);
        Cascade cascade =
                Cascade.builder().stage(failing).stage(failingToo).last(slow).build();

        assertThatIllegalStateException()
                .isThrownBy(cascade::close)
                .withMessage("failing 1")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        cascade.close();

        assertThat(List.of(failing.closed, failingToo.closed, slow.closed)).containsOnly(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> cascade.evaluate("", "0;0;0"))
                .withMessage("Cascade is closed");
    }

    @Test
    void builder_wrongArguments_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cascade.builder().stage(fast, 0.6, 0.4))
                .withMessage("low and high must be in ascending order, but were 0.6 and 0.4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cascade.builder().stage(fast, -0.1, 0.4))
                .withMessage("low must be in [0, 1], but was -0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cascade.builder().stage(fast, 0.1, Double.NaN))
                .withMessage("high must be in [0, 1], but was NaN");
        assertThatIllegalStateException()
                .isThrownBy(() -> Cascade.builder().last(slow).last(fast))
                .withMessage("last must be set once, but was slow and then fast");
        assertThatIllegalStateException()
                .isThrownBy(() -> Cascade.builder().fallBack(true).fallBack(false))
                .withMessage("fallBack must be set once, but was true and then false");
        assertThatIllegalStateException()
                .isThrownBy(() -> Cascade.builder().stage(fast).build())
                .withMessage("last must be set, but was not");
        assertThatIllegalStateException()
                .isThrownBy(() -> Cascade.builder().last(slow).build())
                .withMessage("stage must be added before the last, but was not");
        assertThatNullPointerException()
                .isThrownBy(() -> Cascade.builder().stage(null))
                .withMessage("evaluator");
    }
}
