package org.donotanswer.guard.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** How observations of judgements are named, and which keys they have. Implementations are thread-safe. */
public interface GuardObservationConvention extends ObservationConvention<GuardObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof GuardObservationContext;
    }
}
