package org.donotanswer.bench.cli;

import java.util.Optional;
import org.donotanswer.evaluate.LabelledExchange;

/**
 * A labelled exchange of an input file. Immutable, hence thread-safe.
 *
 * @param exchange the exchange with the labels that {@link LabelledExchange} has
 * @param refusal whether the response is a refusal; empty if that is unknown
 */
record LabelledItem(LabelledExchange exchange, Optional<Boolean> refusal) {
    /** Returns whether the exchange has any label. */
    boolean isLabelled() {
        return refusal.isPresent()
                || exchange.harmful().isPresent()
                || exchange.action().isPresent()
                || exchange.harmType().isPresent();
    }
}
