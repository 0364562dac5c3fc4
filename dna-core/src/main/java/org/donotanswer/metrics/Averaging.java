package org.donotanswer.metrics;

/**
 * How the scores of the single classes (the labels of a confusion matrix) are combined into one score. Immutable, hence
 * thread-safe.
 */
public enum Averaging {
    /** The mean of the classes' scores: every class has the same weight. */
    MACRO,
    /**
     * The score computed from the counts summed over classes: every item has the same weight. If each item has one
     * label, this is accuracy.
     */
    MICRO,
    /** The mean of the classes' scores, weighted by support: the number of items whose gold label is the class. */
    WEIGHTED
}
