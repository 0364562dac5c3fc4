package org.donotanswer.dataset.split;

import java.util.List;
import java.util.Objects;

/**
 * One way to part items into those to learn from and those to test on. Immutable, hence thread-safe.
 *
 * @param name what is held out, such as an LLM's name or the fold's number from 1
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
