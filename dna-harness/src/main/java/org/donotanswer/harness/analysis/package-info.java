/** Analyses exchanges with reviews: agreement with people, the safety of LLMs, and the uncertainty of both. */
@NullMarked
package org.donotanswer.harness.analysis;

import org.jspecify.annotations.NullMarked;
