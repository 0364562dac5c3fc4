package org.donotanswer.dataset.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.donotanswer.dataset.LabelledExample;
import org.junit.jupiter.api.Test;

class ExampleSplitsTest {
    private static final String LONG = words("r", ExampleSplits.MIN_RESPONSE_WORDS);

    private final List<LabelledExample> examples = new ArrayList<>();

    private static String words(String prefix, int number) {
        return IntStream.range(0, number).mapToObj(i -> prefix + i).collect(Collectors.joining(" "));
    }

    private LabelledExample.Builder example(String source, String instruction) {
        return LabelledExample.builder(Integer.toString(examples.size()), source, instruction);
    }

    private void add(String source, String instruction, String response) {
        examples.add(example(source, instruction).response(response).build());
    }

    private void addOfLlm(String llm, String instruction, String response) {
        examples.add(example("s", instruction).response(response).llm(llm).build());
    }

    private static List<String> ids(List<LabelledExample> examples) {
        return examples.stream().map(LabelledExample::id).toList();
    }

    @Test
    void leaveOneSourceOut_nearDuplicates_areDroppedFromTraining() {
        add("a", "How do I feed a duck at the pond?", "Bread.");
        add("a", "Paint a fence.", LONG);
        add("b", "how do i feed the duck at a pond", "Corn.");
        add("b", "Sell a boat.", LONG.toUpperCase(Locale.ROOT));
        add("b", "Build a shed.", words("r", ExampleSplits.MIN_RESPONSE_WORDS - 1) + " " + words("x", 99));
        add("c", "Rent a horse.", "Bread.");
        examples.add(example("c", "How do I feed a duck at the pond").build());
        List<ExampleFold> folds = ExampleSplits.of(examples).leaveOneSourceOut();
        assertThat(folds).extracting(ExampleFold::name).containsExactly("a", "b", "c");
        ExampleFold a = folds.get(0);
        assertThat(ids(a.test())).containsExactly("0", "1");
        assertThat(ids(a.train())).containsExactly("4", "5");
        assertThat(a.dropped()).containsOnly(Map.entry("b", 2), Map.entry("c", 1));
        ExampleFold c = folds.get(2);
        assertThat(ids(c.train())).containsExactly("1", "3", "4");
        assertThat(c).hasToString("ExampleFold[name=c, train=3 examples, test=2 examples, dropped={a=1, b=1}]");
    }

    @Test
    void leaveSourcesOut_isDealtOutBySize() {
        add("small", "Sell a boat.", "No.");
        add("tiny", "Rent a horse.", "No.");
        add("large", "Feed a duck.", "Bread.");
        add("large", "Wash a sheep.", "Soap.");
        add("large", "Build a shed.", "Wood.");
        add("small", "Paint the long wooden fence.", "No.");
        add("tiny", "paint THE wooden long fence", "Yes.");
        add("medium", "Feed two ducks.", "Corn.");
        add("medium", "Play chess.", "Pawn.");
        add("medium", "Play cards.", "Ace.");

        List<ExampleFold> folds = ExampleSplits.of(examples).leaveSourcesOut(3);

        assertThat(folds).extracting(ExampleFold::name).containsExactly("small, tiny", "large", "medium");
        assertThat(ids(folds.get(0).test())).containsExactly("0", "1", "5", "6");
        assertThat(ids(folds.get(0).train())).containsExactly("2", "3", "4", "7", "8", "9");
        assertThat(ExampleSplits.of(examples).leaveSourcesOut(4)).hasSize(4);
    }

    @Test
    void leaveSourcesOut_foldsOutOfRange_isAnError() {
        add("a", "Feed a duck.", "Bread.");
        add("b", "Sell a boat.", "No.");

        for (int folds : new int[] {1, 3}) {
            assertThatThrownBy(() -> ExampleSplits.of(examples).leaveSourcesOut(folds))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("folds must be from 2 to the number of sources, 2, but was " + folds);
        }
    }

    @Test
    void leaveOneSourceOut_higherSimilarity_dropsLess() {
        add("a", "How do I feed a duck at the pond?", "Bread.");
        add("b", "How do I feed a goose at the pond?", "Corn.");
        assertThat(ExampleSplits.of(examples).leaveOneSourceOut().get(0).train())
                .isEmpty();
        assertThat(ExampleSplits.of(examples, 0.9).leaveOneSourceOut().get(0).train())
                .hasSize(1);
    }

    @Test
    void leaveOneSourceOut_responsesAlone_areNoDuplicatesForLackOfInstructions() {
        add("a", "", "The results of the lookup are two ponds.");
        add("a", "", "No.");
        add("b", "", "The result of the lookup are two ponds.");
        add("b", "", "The mail came late today.");
        examples.add(example("c", "The mail came late, today").build());
        examples.add(example("c", "Feed a duck.").build());
        List<ExampleFold> folds = ExampleSplits.of(examples).leaveOneSourceOut();
        assertThat(ids(folds.get(0).test())).containsExactly("0", "1");
        assertThat(ids(folds.get(0).train())).containsExactly("3", "4", "5");
        assertThat(folds.get(0).dropped()).containsOnly(Map.entry("b", 1));
        assertThat(ids(folds.get(1).train())).containsExactly("1", "5");
        assertThat(ids(folds.get(2).train())).containsExactly("0", "1", "2");
    }

    @Test
    void leaveQuestionsOut_responsesAlone_areQuestionsOfTheirOwn() {
        for (int i = 0; i < 4; i++) {
            add("a", "", words("t" + i + "x", 8));
            add("b", "", words("t" + i + "x", 8) + " end");
        }
        assertThat(ExampleSplits.of(examples).leaveQuestionsOut(4, 1)).allSatisfy(fold -> {
            assertThat(fold.test()).hasSize(2);
            assertThat(fold.dropped()).isEmpty();
        });
    }

    @Test
    void leaveOneSourceOut_oneSource_isAnError() {
        add("a", "Feed a duck.", "Bread.");
        assertThatThrownBy(() -> ExampleSplits.of(examples).leaveOneSourceOut())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number of sources must be at least 2, but was 1");
    }

    @Test
    void leaveOneFileOut_examplesWithoutFile_areTrainedOn() {
        examples.add(example("s", "Feed a duck.").file("x.jsonl").build());
        examples.add(example("s", "Paint a fence.").build());
        examples.add(example("s", "Sell my boat.").file("y.jsonl").build());
        List<ExampleFold> folds = ExampleSplits.of(examples).leaveOneFileOut();
        assertThat(folds).extracting(ExampleFold::name).containsExactly("x.jsonl", "y.jsonl");
        assertThat(ids(folds.get(0).test())).containsExactly("0");
        assertThat(ids(folds.get(0).train())).containsExactly("1", "2");
    }

    @Test
    void leaveOneLlmOut_familiesAcrossNames_areHeldOutTogether() {
        addOfLlm("gpt4", "Feed a duck.", LONG);
        addOfLlm("openai/gpt-4o-2024-11-20", "Paint a fence.", "Red.");
        addOfLlm("claude-2.1", "Feed a duck.", "Bread.");
        addOfLlm("claude-2.1", "Paint a fence.", LONG + " r");
        addOfLlm("human", "Feed a duck.", "Corn.");
        addOfLlm("grok-2", "Feed a duck.", "Peas.");
        List<ExampleFold> folds = ExampleSplits.of(examples).leaveOneLlmOut(2);
        assertThat(folds).extracting(ExampleFold::name).containsExactly("gpt-4", "claude");
        assertThat(ids(folds.get(0).test())).containsExactly("0", "1");
        // The same question stays, but not the same long response.
        assertThat(ids(folds.get(0).train())).containsExactly("2", "4", "5");
        assertThat(folds.get(0).dropped()).containsEntry("s", 1);
        assertThatThrownBy(() -> ExampleSplits.of(examples).leaveOneLlmOut(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number of LLM families must be at least 2, but was 0");
    }

    @Test
    void leaveQuestionsOut_groupsAndNearDuplicates_stayTogether() {
        for (int i = 0; i < 20; i++) {
            String words = words("q" + i + "x", 8);
            add("a", words, "Yes.");
            add("b", words + " please", "No.");
            // The group connects two questions.
            examples.add(example("c", words("other" + i, 5)).group("g" + i).build());
            examples.add(example("c", words + " now").group("g" + i).build());
        }
        ExampleSplits splits = ExampleSplits.of(examples);
        List<ExampleFold> folds = splits.leaveQuestionsOut(4, 7);
        assertThat(folds).hasSize(4);
        Set<String> tested = new HashSet<>();
        for (ExampleFold fold : folds) {
            assertThat(fold.test()).hasSize(20);
            assertThat(fold.train()).hasSize(60);
            assertThat(fold.dropped()).isEmpty();
            Set<Integer> questions = fold.test().stream()
                    .map(example -> Integer.parseInt(example.id()) / 4)
                    .collect(Collectors.toSet());
            assertThat(questions).hasSize(5);
            tested.addAll(ids(fold.test()));
        }
        assertThat(tested).hasSize(examples.size());
        assertThat(splits.leaveQuestionsOut(4, 7)).isEqualTo(folds);
        assertThat(splits.leaveQuestionsOut(4, 8)).isNotEqualTo(folds);
        assertThatThrownBy(() -> splits.leaveQuestionsOut(21, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("folds must be in 2..20 (the number of groups), but was 21");
    }
}
