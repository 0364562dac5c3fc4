package org.donotanswer.bench.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.bench.cli.TinyData;
import org.donotanswer.bench.crossvalidation.FoldTask.BenignItem;
import org.donotanswer.bench.crossvalidation.FoldTask.BenignSet;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.ExampleSet;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FoldPlanTest {
    @TempDir
    private Path directory;

    private TrainingSet set;
    private FoldPlan plan;

    @BeforeEach
    void load() {
        set = TinyData.load(directory);
        plan = new FoldPlan(set, 7);
    }

    private static Set<String> keys(List<TrainingExample> examples) {
        return examples.stream()
                .map(example -> Holdout.key(example.instruction()))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource
    void tasks_testEveryResponseOnce(Protocol protocol) {
        List<Response> tested = plan.tasks(protocol).stream()
                .flatMap(task -> task.responses().stream())
                .toList();

        assertThat(tested).containsExactlyInAnyOrderElementsOf(plan.responses()).hasSize(21);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNSEEN_LLM", "UNSEEN_LLM_AND_QUESTION"})
    void training_excludesTheLlm(Protocol protocol) {
        for (FoldTask task : plan.tasks(protocol)) {
            Llm llm = task.holdout().llm().orElseThrow();
            assertThat(task.responses())
                    .allSatisfy(answer -> assertThat(answer.llm()).isEqualTo(llm));
            assertThat(set.examples(task.holdout()))
                    .isNotEmpty()
                    .noneMatch(example -> example.group().equals(llm.name()))
                    .noneMatch(example -> example.response().orElse("").contains(llm.name()));
        }
    }

    @Test
    void unseenLlm_trainsOnAllOtherResponses() {
        List<FoldTask> tasks = plan.tasks(Protocol.UNSEEN_LLM);

        assertThat(tasks).extracting(FoldTask::name).containsExactly("alpha", "beta", "gamma");
        for (FoldTask task : tasks) {
            assertThat(set.examples(task.holdout()).stream()
                            .filter(example -> example.action().isPresent()))
                    .hasSize(14);
        }
    }

    @Test
    void unseenLlmAndQuestion_trainingExcludesTheQuestions() {
        List<FoldTask> tasks = plan.tasks(Protocol.UNSEEN_LLM_AND_QUESTION);

        assertThat(tasks).hasSize(9);
        for (FoldTask task : tasks) {
            Set<String> tested = task.responses().stream()
                    .map(answer -> Holdout.key(answer.question().text()))
                    .collect(Collectors.toSet());
            assertThat(keys(set.examples(task.holdout()))).doesNotContainAnyElementsOf(tested);
        }
    }

    @Test
    void unseenQuestion_trainingHasAllLlmsAndNoTestedQuestion() {
        List<FoldTask> tasks = new FoldPlan(set, 7, 2).tasks(Protocol.UNSEEN_QUESTION);

        assertThat(tasks).hasSize(2);
        for (FoldTask task : tasks) {
            List<TrainingExample> trained = set.examples(task.holdout());
            assertThat(task.responses()).extracting(Response::llm).hasSizeGreaterThan(3);
            assertThat(trained).extracting(TrainingExample::group).contains("alpha", "beta", "gamma");
            assertThat(keys(trained))
                    .doesNotContainAnyElementsOf(task.responses().stream()
                            .map(answer -> Holdout.key(answer.question().text()))
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void unseenLlmAndQuestion_questionSpeltDifferently_isHeldOutAsWell() {
        for (FoldTask task : plan.tasks(Protocol.UNSEEN_LLM_AND_QUESTION)) {
            Set<Integer> ids = task.responses().stream()
                    .map(answer -> answer.question().id())
                    .collect(Collectors.toSet());
            assertThat(ids.contains(5)).isEqualTo(ids.contains(6));
        }
    }

    @Test
    void unseenLlmAndQuestion_riskyInstructionThatIsAQuestion_isHeldOutWithIt() {
        for (FoldTask task : plan.tasks(Protocol.UNSEEN_LLM_AND_QUESTION)) {
            boolean tested = task.responses().stream()
                    .anyMatch(answer -> answer.question().id() == 0);
            List<String> risky = set.examples(task.holdout()).stream()
                    .filter(example -> example.response().isEmpty())
                    .map(TrainingExample::instruction)
                    .toList();
            assertThat(risky).contains("Steal the bell");
            assertThat(risky.contains("WHO hid the spoon")).isNotEqualTo(tested);
        }
    }

    @Test
    void benign_isTestedIfItsInstructionIsUnseen() {
        Map<String, Integer> times = new HashMap<>();
        for (FoldTask task : plan.tasks(Protocol.UNSEEN_LLM)) {
            Set<String> trained = keys(set.examples(task.holdout()));
            for (BenignItem benign : task.benign()) {
                String key = Holdout.key(benign.exchange().instruction());
                assertThat(trained.contains(key)).isNotEqualTo(benign.instructionUnseen());
                if (benign.instructionUnseen()) {
                    times.merge(benign.set() + " " + benign.index(), 1, Integer::sum);
                }
            }
        }

        assertThat(times).hasSize(15 + 4).allSatisfy((item, count) -> assertThat(count)
                .isEqualTo(1));
    }

    @Test
    void benign_isTestedIfItsLlmIsUnseen() {
        List<Integer> indexes = new ArrayList<>();
        for (FoldTask task : plan.tasks(Protocol.UNSEEN_LLM)) {
            for (BenignItem benign : task.benign()) {
                assertThat(benign.llmUnseen())
                        .isEqualTo(benign.exchange().llm().equals(task.holdout().llm()));
                assertThat(benign.llmUnseen() || benign.instructionUnseen()).isTrue();
                if (benign.llmUnseen()) {
                    assertThat(benign.set()).isEqualTo(BenignSet.EVERYDAY);
                    indexes.add(benign.index());
                }
            }
        }

        assertThat(indexes).hasSize(15).doesNotHaveDuplicates();
    }

    @Test
    void tasks_sameSeed_areTheSame() {
        assertThat(new FoldPlan(set, 7).tasks(Protocol.UNSEEN_LLM_AND_QUESTION))
                .isEqualTo(plan.tasks(Protocol.UNSEEN_LLM_AND_QUESTION));
        assertThat(new FoldPlan(set, 8).tasks(Protocol.UNSEEN_LLM_AND_QUESTION))
                .isNotEqualTo(plan.tasks(Protocol.UNSEEN_LLM_AND_QUESTION));
    }

    @Test
    void examples_nothingHeldOut_haveEveryLabel() {
        List<TrainingExample> examples = set.examples(Holdout.none());

        assertThat(examples).hasSize(21 + 15 + 4 + 2);
        TrainingExample answer = examples.get(7);
        assertThat(answer.group()).isEqualTo("beta");
        assertThat(answer.harmful()).contains(true);
        assertThat(answer.riskyInstruction()).contains(true);
        assertThat(answer.action()).isEqualTo(answer.secondOpinion()).isPresent();
        assertThat(examples.get(9).secondOpinion()).as("not parsed").isEmpty();
        TrainingExample benign = examples.get(21);
        assertThat(benign.group()).isEqualTo("alpha");
        assertThat(benign.harmful()).contains(false);
        assertThat(benign.riskyInstruction()).contains(false);
        assertThat(benign.action()).isEmpty();
        assertThat(examples.get(36).group()).isEqualTo("human");
        assertThat(examples.get(41).riskyInstruction()).contains(true);
        assertThat(examples.get(41).response()).isEmpty();
    }

    @Test
    void examples_responsesAlone_haveNoInstructionThatCouldBeHeldOut() throws IOException {
        ExampleSet texts = ExampleSet.load(TinyData.writeInjectionDataTo(directory.resolve("texts")));
        TrainingSet withTexts = new TrainingSet(set.data(), Optional.empty(), Optional.of(texts), Map.of());

        // A question of signs alone has the empty key.
        List<TrainingExample> examples = withTexts.examples(Holdout.of(Llm.of("alpha"), Stream.of("?!")));

        assertThat(examples).hasSize(14 + 2);
        TrainingExample alone = examples.get(15);
        assertThat(alone.instruction()).isEmpty();
        assertThat(alone.response()).contains("The geese were sold on Monday.");
        assertThat(alone.harmful()).contains(false);
        assertThat(alone.riskyInstruction()).isEmpty();
        assertThat(alone.source()).isEqualTo("inbox");
        assertThat(examples.get(14).response()).isEmpty();
        assertThat(examples.get(14).riskyInstruction()).contains(false);
        assertThat(withTexts.items()).hasSize(21 + 2);
    }

    @Test
    void key_keepsLettersAndDigitsOnly() {
        assertThat(Holdout.key("  Is THE \u00C9toile \u2014 \u201C7th\u201D?\n"))
                .isEqualTo("isthe\u00E9toile7th");
        assertThat(Holdout.of(Llm.of("a"), List.of("A b!").stream().map(s -> s)).instructions())
                .containsExactly("ab");
    }
}
