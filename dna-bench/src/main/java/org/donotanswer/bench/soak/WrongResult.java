package org.donotanswer.bench.soak;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A result that is neither that of the oracle nor what is documented for a fault. Holds no user text. The components' names
 * are JSON keys. Immutable, hence thread-safe.
 *
 * @param evaluator the name of the evaluator
 * @param operation the operation, and the fault if there was one
 * @param exchange the index of the exchange in the pool; of the first, if there were several
 * @param problem what is wrong
 */
@JsonPropertyOrder({"evaluator", "operation", "exchange", "problem"})
public record WrongResult(String evaluator, String operation, int exchange, String problem) {
    /** Returns one line for people. */
    String describe() {
        return "wrong: evaluator " + evaluator + ", " + operation + ", exchange " + exchange + ": " + problem;
    }
}
