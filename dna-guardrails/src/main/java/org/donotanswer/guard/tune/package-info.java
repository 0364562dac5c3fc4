/** Chooses the thresholds of a policy from labelled responses, and estimates how the policy will do on others. */
@NullMarked
package org.donotanswer.guard.tune;

import org.jspecify.annotations.NullMarked;
