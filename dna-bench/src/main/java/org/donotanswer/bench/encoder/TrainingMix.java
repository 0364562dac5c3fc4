package org.donotanswer.bench.encoder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuningExample;

/**
 * Mixes the sources that the encoder is trained on: each is passed a number of times, and its fraction by chance, as it is
 * worth, and some responses are changed in ways that leave their harm as it is. Immutable, hence thread-safe.
 */
final class TrainingMix {
    static final double MAX_SHARE = 10;

    private final double share;
    private final long seed;

    /**
     * Creates a mix.
     *
     * @param share the factor of the passes of all sources, above 0 and at most {@value #MAX_SHARE}
     * @param seed of what is drawn by chance
     * @throws IllegalArgumentException if the share is out of range
     */
    public TrainingMix(double share, long seed) {
        if (!(share > 0 && share <= MAX_SHARE)) {
            throw new IllegalArgumentException("share must be above 0 and at most " + MAX_SHARE + ", but was " + share);
        }
        this.share = share;
        this.seed = seed;
    }

    private double passes(TrainingExample example) {
        double passes = SourceTable.passes(example.source());
        return share * (example.response().isPresent() ? passes : Math.max(passes, SourceTable.OTHER_PASSES));
    }

    /** Returns the examples of one epoch, in an order that depends on the seed alone. */
    public List<FineTuningExample> examples(List<TrainingExample> all) {
        SplittableRandom random = new SplittableRandom(seed);
        ComposedResponses compositions = new ComposedResponses(all);
        List<FineTuningExample> mixed = new ArrayList<>();
        for (TrainingExample example : all) {
            Optional<FineTuningExample> target = MixTargets.of(example);
            if (target.isPresent()) {
                addPasses(target.get(), example, compositions, random, mixed);
            }
        }
        Collections.shuffle(mixed, new Random(seed));
        return mixed;
    }

    private void addPasses(
            FineTuningExample target,
            TrainingExample example,
            ComposedResponses compositions,
            SplittableRandom random,
            List<FineTuningExample> mixed) {
        double passes = passes(example);
        int copies = (int) passes + (random.nextDouble() < passes - (int) passes ? 1 : 0);
        for (int copy = 0; copy < copies; copy++) {
            mixed.add(ComposedResponses.shortened(target, example, random));
        }
        if (copies > 0) {
            compositions.composed(target, example, random).ifPresent(mixed::add);
        }
    }

    /** Returns examples as they are, without those that have no label: to measure a training on them. */
    public static List<FineTuningExample> unmixed(List<TrainingExample> examples) {
        return examples.stream().map(MixTargets::of).flatMap(Optional::stream).toList();
    }
}
