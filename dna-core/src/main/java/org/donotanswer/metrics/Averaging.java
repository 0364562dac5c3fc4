package org.donotanswer.metrics;

/** How the scores of several classes are averaged. Immutable, hence thread-safe. */
public enum Averaging {
    /** The mean over classes: every class counts the same. */
    MACRO,
    /**
     * The score of the counts summed over classes: every item counts the same. If each item has one label, this is
     * accuracy.
     */
    MICRO,
    /** The mean over classes, weighted by support: the number of items whose gold label is the class. */
    WEIGHTED
}
