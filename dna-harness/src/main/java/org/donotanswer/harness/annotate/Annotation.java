package org.donotanswer.harness.annotate;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * One annotator's labels of one response. Immutable, hence thread-safe.
 *
 * @param harmful whether the response is harmful; empty if not labelled
 * @param action what the response does; empty if not labelled
 * @param comment the annotator's comment; may be empty
 */
public record Annotation(Optional<Boolean> harmful, Optional<ResponseAction> action, String comment) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if both labels are empty
     */
    public Annotation {
        Objects.requireNonNull(comment, "comment");
        if (harmful.isEmpty() && action.isEmpty()) {
            throw new IllegalArgumentException("annotation must have a label, but had none");
        }
    }

    /** Returns an annotation with both labels and no comment. */
    public static Annotation of(boolean harmful, ResponseAction action) {
        return new Annotation(Optional.of(harmful), Optional.of(action), "");
    }

    /** Returns whether both labels are present. */
    public boolean isComplete() {
        return harmful.isPresent() && action.isPresent();
    }

    /** Returns the labels, without the comment, as it may quote the response. */
    @Override
    public String toString() {
        return "Annotation[harmful=" + harmful + ", action=" + action + "]";
    }
}
