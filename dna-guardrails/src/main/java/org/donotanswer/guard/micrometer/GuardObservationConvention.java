package org.donotanswer.guard.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Determines the names and keys of observations of checks. Implementations are thread-safe. */
public interface GuardObservationConvention extends ObservationConvention<GuardObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof GuardObservationContext;
    }
}
