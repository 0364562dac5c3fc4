package org.donotanswer.classifier.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random texts' features, and an index of them. */
final class SparseData {
    private SparseData() {}

    /** Returns texts with up to {@code perView} of {@code vocabulary} features a view; those of the last have counts. */
    static List<FeatureKeys> texts(int count, int views, int vocabulary, int perView, boolean counts, long seed) {
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

    static FeatureIndex index(List<FeatureKeys> texts, int views, int bits) {
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        texts.forEach(text -> builder.add(text, views));
        return builder.build(bits, 2);
    }
}
