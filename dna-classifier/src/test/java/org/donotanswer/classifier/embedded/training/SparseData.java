package org.donotanswer.classifier.embedded.training;

import java.util.List;
import org.donotanswer.classifier.embedded.FeatureKeys;

/** Creates feature indexes for tests. */
final class SparseData {
    private SparseData() {}

    /** Returns an index of the features that occur in at least two texts. */
    static FeatureIndex index(List<FeatureKeys> texts, int views, int bits) {
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        texts.forEach(text -> builder.add(text, views));
        return builder.build(bits, 2);
    }
}
