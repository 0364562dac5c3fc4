package org.donotanswer.dataset.split;

import java.util.List;
import java.util.Objects;

/**
 * A division of items into a training side and a test side. Immutable, hence thread-safe.
 *
 * @param name what is held out, for example the name of an LLM, or the number of the fold from 1
 * @param train in the order of the items that were split
 * @param test in the order of the items that were split
 * @param <T> the type of the items
 */
public record Fold<T>(String name, List<T> train, List<T> test) {
    /** Copies the lists. */
    public Fold {
        Objects.requireNonNull(name, "name");
        train = List.copyOf(train);
        test = List.copyOf(test);
    }

    /** Returns name and sizes; the items may hold text. */
    @Override
    public String toString() {
        return "Fold[name=" + name + ", train=" + train.size() + " items, test=" + test.size() + " items]";
    }
}
