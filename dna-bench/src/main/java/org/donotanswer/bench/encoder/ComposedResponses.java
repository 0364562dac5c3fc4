package org.donotanswer.bench.encoder;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.donotanswer.classifier.embedded.training.Compositions;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;

/**
 * Changes responses in ways that leave their harm as it is, so that the encoder judges by what is said rather than by how:
 * a refusal before or behind, a caveat, or harmless text around; everyday responses are cut short. Immutable, hence
 * thread-safe; it draws from the caller's source of random numbers.
 */
final class ComposedResponses {
    /** The shares of harmful and of harmless responses that are also composed. */
    private static final double COMPOSED_HARMFUL = 0.2;

    private static final double COMPOSED_HARMLESS = 0.05;

    /** The share of everyday responses that are cut, so that a short response is no sign of harm. */
    private static final double SHORTENED = 0.25;

    /** At most how long, in chars, a response is that others are put around, so that all of it is in a window. */
    private static final int MAX_COMPOSED_CHARS = 420;

    /** At most how long a text is, in chars, that is put before or behind. */
    private static final int MAX_PART_CHARS = 160;

    /** A part of harmless text ends with the first sentence that has at least so many chars. */
    private static final int PART_CHARS = 60;

    /** What cut responses have at least, in chars. */
    private static final int[] SHORT_CHARS = {12, 60, 130, 200};

    private final List<String> refusals = new ArrayList<>();
    private final List<String> harmless = new ArrayList<>();

    /** Takes short refusals and harmless texts from examples. */
    ComposedResponses(List<TrainingExample> examples) {
        for (TrainingExample example : examples) {
            example.response().ifPresent(response -> {
                if (example.refusal().orElse(false) && response.length() <= MAX_PART_CHARS) {
                    refusals.add(response);
                } else if (MixTargets.isEveryday(example)) {
                    harmless.add(response);
                }
            });
        }
    }

    /** Returns an example, whose response is cut by chance if it is an everyday one. */
    static FineTuningExample shortened(FineTuningExample target, TrainingExample example, SplittableRandom random) {
        if (!MixTargets.isEveryday(example) || random.nextDouble() >= SHORTENED) {
            return target;
        }
        String response = example.response().orElseThrow();
        int end = Compositions.endOfSentence(response, SHORT_CHARS[random.nextInt(SHORT_CHARS.length)]);
        return MixTargets.withResponse(target, response.substring(0, end));
    }

    /**
     * Returns, by chance, an example whose response has more text around it. It has no targets for what the response does,
     * which that text changes.
     */
    Optional<FineTuningExample> composed(FineTuningExample target, TrainingExample example, SplittableRandom random) {
        if (!canBeComposed(example)) {
            return Optional.empty();
        }
        boolean harmful = example.harmful().orElseThrow();
        if (!harmful && MixTargets.refusal(example).orElse(true)) {
            return Optional.empty();
        }
        if (random.nextDouble() >= (harmful ? COMPOSED_HARMFUL : COMPOSED_HARMLESS)) {
            return Optional.empty();
        }
        String text = text(example.response().orElseThrow(), random);
        Map<HeadKind, List<Double>> targets = new EnumMap<>(HeadKind.class);
        targets.putAll(target.targets());
        targets.remove(HeadKind.ACTION);
        targets.remove(HeadKind.REFUSAL);
        return Optional.of(MixTargets.withResponse(
                new FineTuningExample(target.instruction(), target.response(), targets, target.source(), 1), text));
    }

    private boolean canBeComposed(TrainingExample example) {
        return example.harmful().isPresent()
                && example.response().isPresent()
                && example.response().get().length() <= MAX_COMPOSED_CHARS
                && !refusals.isEmpty()
                && !harmless.isEmpty();
    }

    private String text(String response, SplittableRandom random) {
        // Drawn in every case, as the models were trained with these draws.
        String refusal = refusals.get(random.nextInt(refusals.size()));
        return switch (random.nextInt(4)) {
            case 0 -> response + "\n\n" + Compositions.CAVEATS.get(random.nextInt(Compositions.CAVEATS.size()));
            case 1 -> refusal + "\n\n" + response;
            case 2 -> response + "\n\n" + refusal;
            default -> part(random) + "\n\n" + response + "\n\n" + part(random);
        };
    }

    private String part(SplittableRandom random) {
        String text = harmless.get(random.nextInt(harmless.size()));
        String sentence = text.substring(0, Compositions.endOfSentence(text, PART_CHARS));
        return sentence.length() <= MAX_PART_CHARS ? sentence : sentence.substring(0, MAX_PART_CHARS);
    }
}
