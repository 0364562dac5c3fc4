/** Evaluators, guards and streams under mixed load for a long time, with faults, compared with serial results. */
@NullMarked
package org.donotanswer.bench.soak;

import org.jspecify.annotations.NullMarked;
