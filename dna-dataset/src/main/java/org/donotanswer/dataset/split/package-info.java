/**
 * Seeded splits of the benchmark and of labelled examples: leave-one-LLM-out, leave-one-source-out, grouped and stratified
 * k-fold; and near-duplicates across a split.
 */
@NullMarked
package org.donotanswer.dataset.split;

import org.jspecify.annotations.NullMarked;
