package org.donotanswer.bench.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.donotanswer.bench.cli.TinyData;
import org.donotanswer.bench.crossvalidation.Holdout;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.ExampleSet;
import org.donotanswer.dataset.LabelledExample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftOutTest {
    @TempDir
    private Path directory;

    private TrainingSet set() throws IOException {
        Path examples = Files.createDirectories(directory.resolve("examples"));
        StringBuilder lines = new StringBuilder();
        int id = 0;
        for (String source : List.of("gptfuzz", "uncensored", "star-1", "atr")) {
            for (String llm : List.of("vicuna-13b", "human")) {
                lines.append("{\"id\":\"" + id + "\",\"source\":\"" + source + "\",\"llm\":\"" + llm
                        + "\",\"instruction\":\"Question number " + id + " about " + source
                        + "?\",\"response\":\"It is answer " + id + " of " + source
                        + ".\",\"response_harmful\":0,\"label_by\":\"human\"}\n");
                id++;
            }
        }
        Files.writeString(examples.resolve("own.jsonl"), lines);
        return new TrainingSet(
                DoNotAnswer.load(TinyData.writeTo(directory.resolve("data"))),
                Optional.empty(),
                Optional.of(ExampleSet.load(examples)),
                Map.of());
    }

    private static List<String> sources(List<TrainingExample> examples) {
        return List.copyOf(
                new TreeSet<>(examples.stream().map(TrainingExample::source).toList()));
    }

    @Test
    void of_eachFold_leavesItsSourcesOut() throws IOException {
        TrainingSet set = set();

        assertThat(sources(LeftOut.of(set, 0, 42).training()))
                .containsExactly("atr", EmbeddedTrainer.BENCHMARK, "gptfuzz", "uncensored");
        assertThat(sources(LeftOut.of(set, 1, 42).training()))
                .containsExactly("atr", EmbeddedTrainer.BENCHMARK, "star-1", "uncensored");
        assertThat(sources(LeftOut.of(set, 2, 42).training()))
                .containsExactly("atr", EmbeddedTrainer.BENCHMARK, "gptfuzz", "star-1");
        assertThat(LeftOut.of(set, 0, 42).test())
                .extracting(LabelledExample::key)
                .containsExactly("star-1/4", "star-1/5");
    }

    @Test
    void of_familyOfTheLlm_isNotTrainedOn() throws IOException {
        LeftOut leftOut = LeftOut.of(set(), 0, 42);

        assertThat(leftOut.training().stream()
                        .filter(example -> !example.source().equals(EmbeddedTrainer.BENCHMARK))
                        .map(TrainingExample::instruction))
                .allMatch(instruction -> instruction.matches("Question number [1357] about .*"));
        assertThat(LeftOut.llm(0).name()).isEqualTo("vicuna-7b");
    }

    @Test
    void of_allFolds_leaveEachQuestionOut() throws IOException {
        TrainingSet set = set();
        Set<String> unseen = new TreeSet<>();
        for (int fold = 0; fold < LeftOut.FOLDS; fold++) {
            LeftOut leftOut = LeftOut.of(set, fold, 42);
            unseen.addAll(leftOut.unseenQuestions());
            assertThat(leftOut.training().stream()
                            .filter(example -> example.source().equals(EmbeddedTrainer.BENCHMARK))
                            .map(example -> Holdout.key(example.instruction())))
                    .isNotEmpty()
                    .doesNotContainAnyElementsOf(leftOut.unseenQuestions());
        }

        assertThat(unseen)
                .containsExactlyElementsOf(new TreeSet<>(
                        TinyData.QUESTIONS.stream().map(Holdout::key).toList()));
    }

    @Test
    void sources_ofAllFolds_areLeftOutOnce() {
        List<String> all = new ArrayList<>();
        for (int fold = 0; fold < LeftOut.FOLDS; fold++) {
            all.addAll(SourceTable.leftOut(fold));
        }

        assertThat(all).hasSize(49).doesNotHaveDuplicates();
    }

    @Test
    void validation_sameInstruction_isHeldOutWhole() {
        List<TrainingExample> all = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            all.add(TrainingExample.builder("Question " + i).response("a").build());
            all.add(TrainingExample.builder("question " + i + "?").response("b").build());
        }

        ValidationExamples split = ValidationExamples.of(all);

        assertThat(split.heldOut()).hasSizeBetween(80, 160);
        assertThat(split.training()).hasSize(all.size() - split.heldOut().size());
        assertThat(split.heldOut().stream().map(example -> Holdout.key(example.instruction())))
                .doesNotContainAnyElementsOf(split.training().stream()
                        .map(example -> Holdout.key(example.instruction()))
                        .toList());
    }
}
