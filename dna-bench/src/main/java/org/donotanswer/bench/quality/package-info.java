/**
 * Measures how well the embedded model judges what it was not trained on, and writes it as one report: sources left out, the
 * protocols of the benchmark, the regression set, evasions and speed.
 */
@NullMarked
package org.donotanswer.bench.quality;

import org.jspecify.annotations.NullMarked;
