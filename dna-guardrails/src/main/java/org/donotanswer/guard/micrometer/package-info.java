/**
 * Metrics and observations of guards, for Micrometer. Neither holds any text: what is measured and named are verdicts.
 * io.micrometer:micrometer-core must be on the class path.
 */
@NullMarked
package org.donotanswer.guard.micrometer;

import org.jspecify.annotations.NullMarked;
