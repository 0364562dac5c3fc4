/** Seeded splits of the benchmark: leave-one-LLM-out, grouped and stratified k-fold. */
@NullMarked
package org.donotanswer.dataset.split;

import org.jspecify.annotations.NullMarked;
