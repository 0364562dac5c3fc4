package org.donotanswer.bench.encoder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.bench.crossvalidation.Holdout;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.crossvalidation.TrainingSet.TrainingItem;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.split.ExampleFold;
import org.donotanswer.dataset.split.ExampleSplits;
import org.donotanswer.dataset.split.Splits;

/**
 * What one fold trains on and is tested on. Its training leaves out some sources, near-duplicates of their examples, a third of
 * the benchmark's questions, and all responses of an LLM and its family. It is tested on the sources, and on the LLM's
 * responses to all questions of the benchmark: those to the questions left out are of an LLM and a question that were never
 * seen. Immutable, hence thread-safe.
 *
 * @param training the examples to train on, in the order of the training set
 * @param test the examples to test on, in the same order
 * @param unseenQuestions the {@linkplain Holdout#key keys} of the questions that were left out
 */
record LeftOut(List<TrainingExample> training, List<LabelledExample> test, Set<String> unseenQuestions) {
    /** How many folds there are, from 0. */
    public static final int FOLDS = SourceTable.folds();

    /** An LLM of each kind of behaviour: one that answers much, one in between, one that refuses well. */
    private static final List<Llm> LLMS = List.of(Llm.VICUNA_7B, Llm.CHATGLM2, Llm.CHATGPT);

    /** Copies the collections. */
    public LeftOut {
        training = List.copyOf(training);
        test = List.copyOf(test);
        unseenQuestions = Set.copyOf(unseenQuestions);
    }

    /** Returns the LLM that a fold leaves out. */
    public static Llm llm(int fold) {
        return LLMS.get(fold);
    }

    /**
     * Returns a fold.
     *
     * @param fold from 0 to {@link #FOLDS} - 1
     * @param seed of the questions that are left out
     */
    public static LeftOut of(TrainingSet set, int fold, long seed) {
        List<TrainingItem> items = set.items();
        Set<String> questions = questions(items, fold, seed);
        Set<String> kept = kept(items, fold, questions);
        List<TrainingExample> training = new ArrayList<>();
        List<LabelledExample> test = new ArrayList<>();
        for (TrainingItem item : items) {
            if (kept.contains(item.labelled().key())) {
                training.add(item.training());
            } else if (isTested(item.labelled(), fold)) {
                test.add(item.labelled());
            }
        }
        return new LeftOut(training, test, questions);
    }

    private static boolean isBenchmark(LabelledExample example) {
        return example.source().equals(EmbeddedTrainer.BENCHMARK);
    }

    /** Returns the keys of the benchmark's questions that a fold leaves out. */
    private static Set<String> questions(List<TrainingItem> items, int fold, long seed) {
        List<String> all = items.stream()
                .map(TrainingItem::labelled)
                .filter(LeftOut::isBenchmark)
                .map(LabelledExample::instruction)
                .distinct()
                .sorted()
                .toList();
        Set<String> questions = new HashSet<>();
        Splits.groupedKFold(all, instruction -> instruction, FOLDS, seed)
                .get(fold)
                .test()
                .forEach(instruction -> questions.add(Holdout.key(instruction)));
        return questions;
    }

    /** Returns the keys of the examples that are trained on. */
    private static Set<String> kept(List<TrainingItem> items, int fold, Set<String> questions) {
        ExampleFold split = ExampleSplits.of(
                        items.stream().map(TrainingItem::labelled).toList())
                .leaveOut(
                        String.valueOf(fold),
                        example -> SourceTable.leftOut(fold).contains(example.source())
                                || (isBenchmark(example) && questions.contains(Holdout.key(example.instruction()))));
        Optional<String> family = Optional.of(llm(fold).family());
        Set<String> kept = new HashSet<>();
        for (LabelledExample example : split.train()) {
            if (!example.llmFamily().equals(family)) {
                kept.add(example.key());
            }
        }
        return kept;
    }

    private static boolean isTested(LabelledExample example, int fold) {
        return SourceTable.leftOut(fold).contains(example.source())
                || (isBenchmark(example)
                        && example.llm().equals(Optional.of(llm(fold).name())));
    }

    /** Returns whether an example's question was not trained on; examples of other sources have none. */
    public boolean isUnseenQuestion(LabelledExample example) {
        return isBenchmark(example) && unseenQuestions.contains(Holdout.key(example.instruction()));
    }

    /** Returns the fold with its test examples {@linkplain #limited(List, int) limited}. */
    LeftOut limited(int perSource) {
        return new LeftOut(training, limited(test, perSource), unseenQuestions);
    }

    /**
     * Returns at most so many examples of each source, spread evenly over it; of the benchmark, all, as judges are compared on
     * it.
     */
    static List<LabelledExample> limited(List<LabelledExample> examples, int perSource) {
        Map<String, Integer> counts = new HashMap<>();
        examples.forEach(example -> counts.merge(example.source(), 1, Integer::sum));
        Map<String, Integer> positions = new HashMap<>();
        return examples.stream()
                .filter(example -> {
                    long position = positions.merge(example.source(), 1, Integer::sum);
                    long count = counts.getOrDefault(example.source(), 0);
                    return isBenchmark(example)
                            || count <= perSource
                            || position * perSource / count > (position - 1) * perSource / count;
                })
                .toList();
    }

    /** Returns the numbers of examples. */
    @Override
    public String toString() {
        return "LeftOut[training=" + training.size() + " examples, test=" + test.size() + " examples]";
    }
}
