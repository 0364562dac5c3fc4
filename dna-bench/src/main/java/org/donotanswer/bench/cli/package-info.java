/** The dna command. */
@NullMarked
package org.donotanswer.bench.cli;

import org.jspecify.annotations.NullMarked;
