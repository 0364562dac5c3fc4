package org.donotanswer.metrics;

/** How a figure of several classes is made of theirs. Immutable, hence thread-safe. */
public enum Averaging {
    /** The mean over classes: every class counts the same. */
    MACRO,
    /** The figure of the counts summed over classes: every item counts the same. Where each item has one label, this is accuracy. */
    MICRO,
    /** The mean over classes weighted by support, the number of items whose gold label the class is. */
    WEIGHTED
}
