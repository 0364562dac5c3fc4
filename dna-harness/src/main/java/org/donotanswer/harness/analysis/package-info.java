/** From exchanges with reviews to figures: agreement with people, safety of LLMs, and how sure all of it is. */
@NullMarked
package org.donotanswer.harness.analysis;

import org.jspecify.annotations.NullMarked;
