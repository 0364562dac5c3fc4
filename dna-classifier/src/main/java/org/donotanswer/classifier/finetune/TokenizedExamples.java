package org.donotanswer.classifier.finetune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** Returns the examples that have a target for one of the classifier's heads and the text that it reads. */
    static TokenizedExamples of(List<FineTuningExample> all, TrainableClassifier classifier) {
        List<FineTuningExample> examples = new ArrayList<>();
        List<TokenSequence> tokens = new ArrayList<>();
        long truncated = 0;
        long unread = 0;
        for (FineTuningExample example : all) {
            if (example.targets().keySet().stream().noneMatch(classifier.heads()::contains)
                    || !classifier.reads(
                            example.instruction(), example.response().orElse(""))) {
                unread++;
                continue;
            }
            TrainableClassifier.EncodedExchange encoded =
                    classifier.encode(example.instruction(), example.response().orElse(""));
            examples.add(example);
            tokens.add(encoded.tokens());
            truncated += encoded.truncated() ? 1 : 0;
        }
        return new TokenizedExamples(examples, tokens, truncated, unread);
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
