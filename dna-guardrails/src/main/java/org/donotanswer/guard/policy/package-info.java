/**
 * Policies: a {@link org.donotanswer.guard.policy.SafetyPolicy} turns an assessment into a {@link
 * org.donotanswer.guard.policy.Decision}, by rules for everything, a risk area, a harm type or a specific harm.
 */
@NullMarked
package org.donotanswer.guard.policy;

import org.jspecify.annotations.NullMarked;
