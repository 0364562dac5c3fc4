package org.donotanswer.guard.tune;

/** Which scopes may get thresholds of their own, given enough data. Immutable, hence thread-safe. */
public enum Granularity {
    /** None: one threshold for everything. */
    DEFAULT,
    /** Risk areas. */
    RISK_AREA,
    /** Risk areas and harm types. */
    HARM_TYPE
}
