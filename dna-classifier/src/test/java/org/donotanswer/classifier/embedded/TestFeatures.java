package org.donotanswer.classifier.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Creates features of texts for tests, including those of training, which can only read features. */
public final class TestFeatures {
    private TestFeatures() {}

    /** Returns a text with the given keys, by view. */
    public static FeatureKeys text(long[]... views) {
        FeatureKeys text = new FeatureKeys(views.length);
        text.clear();
        for (long[] keys : views) {
            for (long key : keys) {
                text.add(key);
            }
            text.endView();
        }
        return text;
    }

    /** Returns texts with up to {@code perView} random features per view; those of the last view have counts if set. */
    public static List<FeatureKeys> texts(
            int count, int views, int vocabulary, int perView, boolean counts, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<FeatureKeys> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FeatureKeys text = new FeatureKeys(views);
            text.clear();
            for (int view = 0; view < views; view++) {
                int features = random.nextInt(perView + 1);
                for (int feature = 0; feature < features; feature++) {
                    long key = Hashing.key(view, Hashing.extend(Hashing.BASIS, (long)
                            (vocabulary * Math.pow(random.nextDouble(), 2))));
                    if (counts && view == views - 1) {
                        text.add(key, 1 + random.nextInt(4));
                    } else {
                        text.add(key);
                    }
                }
                text.endView();
            }
            texts.add(text);
        }
        return texts;
    }
}
