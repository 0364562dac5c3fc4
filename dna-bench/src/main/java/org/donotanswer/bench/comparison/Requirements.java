package org.donotanswer.bench.comparison;

import java.util.Objects;

/**
 * What an application needs for an evaluator. Immutable, hence thread-safe.
 *
 * @param artifact the artifact to add
 * @param downloadBytes the size of what a build downloads, jars and model, in bytes; NaN if it is not known
 * @param licence the licence of code and weights
 * @param nativeCode the native libraries; "none" if it is pure Java
 * @param network when it needs a network, apart from the build; "never" if it does not
 */
public record Requirements(String artifact, double downloadBytes, String licence, String nativeCode, String network) {
    /** The value of {@link #nativeCode()} of an evaluator in pure Java. */
    public static final String PURE_JAVA = "none";

    /** The value of {@link #network()} of an evaluator that needs none. */
    public static final String NO_NETWORK = "never";

    /** Checks that nothing is null. */
    public Requirements {
        Objects.requireNonNull(artifact, "artifact");
        Objects.requireNonNull(licence, "licence");
        Objects.requireNonNull(nativeCode, "nativeCode");
        Objects.requireNonNull(network, "network");
    }
}
