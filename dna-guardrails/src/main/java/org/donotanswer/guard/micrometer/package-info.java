/**
 * Metrics and observations of guards, for Micrometer. They describe verdicts and hold no text. Requires
 * io.micrometer:micrometer-core.
 */
@NullMarked
package org.donotanswer.guard.micrometer;

import org.jspecify.annotations.NullMarked;
