package org.donotanswer.bench.evaluation;

import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;

/** An item of an input: an exchange, or the reason why it is none. Immutable, hence thread-safe. */
sealed interface InputItem {
    /** Returns the id under which the assessment is written. */
    String id();

    /**
     * An exchange.
     *
     * @param partial whether it is the end of a chat whose earlier turns are left out
     */
    record Valid(String id, Exchange exchange, boolean partial) implements InputItem {}

    /** A malformed item, which is written as unscored. */
    record Invalid(String id, Assessment.Unscored assessment) implements InputItem {}
}
