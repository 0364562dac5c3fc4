/** The dna command. */
@NullMarked
package org.donotanswer.bench;

import org.jspecify.annotations.NullMarked;
