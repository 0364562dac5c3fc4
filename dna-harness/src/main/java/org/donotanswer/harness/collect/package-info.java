/** Collecting responses from LLMs, importing and exporting them, and the instructions they respond to. */
@NullMarked
package org.donotanswer.harness.collect;

import org.jspecify.annotations.NullMarked;
