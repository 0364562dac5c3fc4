/** Chooses the thresholds of a policy on labelled data, and says what to expect of them. */
@NullMarked
package org.donotanswer.guard.tune;

import org.jspecify.annotations.NullMarked;
