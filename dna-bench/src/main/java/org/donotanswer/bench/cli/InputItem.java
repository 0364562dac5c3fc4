package org.donotanswer.bench.cli;

import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;

/** One item of an input: an exchange, or what is wrong with it. */
sealed interface InputItem {
    /** Returns the id under which the assessment is written. */
    String id();

    /** An exchange that was read. */
    record Valid(String id, Exchange exchange) implements InputItem {}

    /** An item that was not: it goes to the output unscored, and the rest is done. */
    record Invalid(String id, Assessment.Unscored assessment) implements InputItem {}
}
