/** What all parts of the benchmarks and of the dna command share. */
@NullMarked
package org.donotanswer.bench;

import org.jspecify.annotations.NullMarked;
