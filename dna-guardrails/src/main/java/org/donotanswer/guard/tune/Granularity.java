package org.donotanswer.guard.tune;

/** Which scopes may get thresholds of their own, if there is data enough. Immutable, hence thread-safe. */
public enum Granularity {
    /** The default alone: one threshold for everything. */
    DEFAULT,
    /** Risk areas too. */
    RISK_AREA,
    /** Risk areas and harm types too. */
    HARM_TYPE
}
