package org.donotanswer.dataset.split;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.dataset.LabelledExample;

/**
 * A division of examples into a training side and a test side that share no near-duplicates. Immutable, hence thread-safe.
 *
 * @param name what is held out, for example a source, or the number of the fold from 1
 * @param train in the order of the examples that were split
 * @param test in the order of the examples that were split
 * @param dropped how many examples of each source are on neither side, because they are near-duplicates of test examples;
 *     sources without any are absent
 */
public record ExampleFold(
        String name, List<LabelledExample> train, List<LabelledExample> test, SortedMap<String, Integer> dropped) {
    /** Copies the collections. */
    public ExampleFold {
        Objects.requireNonNull(name, "name");
        train = List.copyOf(train);
        test = List.copyOf(test);
        dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
    }

    /** Returns name and sizes; the examples hold text. */
    @Override
    public String toString() {
        return "ExampleFold[name=" + name + ", train=" + train.size() + " examples, test=" + test.size()
                + " examples, dropped=" + dropped + "]";
    }
}
