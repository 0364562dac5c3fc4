/** The directory of a run: what one LLM answered, what evaluators and people said of it, and how all of it came about. */
@NullMarked
package org.donotanswer.harness.run;

import org.jspecify.annotations.NullMarked;
