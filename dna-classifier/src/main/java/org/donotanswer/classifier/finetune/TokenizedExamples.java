package org.donotanswer.classifier.finetune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.donotanswer.classifier.transformer.EncodedText;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.donotanswer.classifier.transformer.TrainableClassifier;

/**
 * Examples with their tokens. Immutable, hence thread-safe.
 *
 * @param examples those that the classifier can read
 * @param tokens the tokens of each
 * @param truncated how many are longer than the classifier reads
 * @param unread how many lack the text that the classifier reads, or labels of its heads, and were left out
 */
record TokenizedExamples(List<FineTuningExample> examples, List<TokenSequence> tokens, long truncated, long unread) {
    TokenizedExamples {
        examples = List.copyOf(examples);
        tokens = List.copyOf(tokens);
    }

    /**
     * Returns the examples that have a target for one of the classifier's heads and the text that it reads, each with its
     * first window.
     */
    static TokenizedExamples beginnings(List<FineTuningExample> all, TrainableClassifier classifier) {
        return of(all, classifier, windows -> 0);
    }

    /**
     * Returns the examples as {@link #beginnings} does, but with a window drawn at random: the first one with a probability
     * of one half, as it says most. Examples with another window have no target for what a response does, which that window
     * does not tell.
     */
    static TokenizedExamples drawn(List<FineTuningExample> all, TrainableClassifier classifier, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return of(
                all, classifier, windows -> windows == 1 || random.nextBoolean() ? 0 : 1 + random.nextInt(windows - 1));
    }

    private static TokenizedExamples of(
            List<FineTuningExample> all, TrainableClassifier classifier, IntUnaryOperator choice) {
        List<FineTuningExample> examples = new ArrayList<>();
        List<TokenSequence> tokens = new ArrayList<>();
        long truncated = 0;
        long unread = 0;
        for (FineTuningExample example : all) {
            if (!isRead(example, classifier)) {
                unread++;
                continue;
            }
            EncodedText encoded =
                    classifier.encode(example.instruction(), example.response().orElse(""));
            int window = choice.applyAsInt(encoded.windows().size());
            FineTuningExample read = window == 0 ? example : example.without(HeadKind.ACTION, HeadKind.REFUSAL);
            if (!isRead(read, classifier)) {
                read = example;
                window = 0;
            }
            examples.add(read);
            tokens.add(encoded.windows().get(window));
            truncated += encoded.truncated() ? 1 : 0;
        }
        return new TokenizedExamples(examples, tokens, truncated, unread);
    }

    private static boolean isRead(FineTuningExample example, TrainableClassifier classifier) {
        return example.targets().keySet().stream().anyMatch(classifier.heads()::contains)
                && classifier.reads(example.instruction(), example.response().orElse(""));
    }

    /** Returns what a user should know of examples that were left out. */
    Optional<String> remark(String name) {
        return unread == 0
                ? Optional.empty()
                : Optional.of(unread + " of " + (unread + size()) + " examples (" + name
                        + ") were left out, as they lack the text that the classifier reads or labels of its heads");
    }

    int size() {
        return examples.size();
    }

    /** Returns the number of tokens of each example. */
    int[] lengths() {
        return tokens.stream().mapToInt(TokenSequence::length).toArray();
    }

    /** Returns the tokens of some examples. */
    List<TokenSequence> tokens(List<Integer> indices) {
        return indices.stream().map(tokens::get).toList();
    }

    /** Returns the logits of all examples, in their order: [examples][outputs]. */
    float[][] logits(TrainableClassifier classifier, int tokensPerPass) {
        float[][] logits = new float[size()][];
        int[] lengths = lengths();
        List<Integer> all = IntStream.range(0, size()).boxed().toList();
        for (List<Integer> pass : BatchPlan.passes(all, lengths, tokensPerPass)) {
            float[][] rows = classifier.logits(tokens(pass));
            for (int i = 0; i < rows.length; i++) {
                logits[pass.get(i)] = rows[i];
            }
        }
        return logits;
    }
}
