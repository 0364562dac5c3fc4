/**
 * Puts a safety evaluator in front of a chatbot. A {@link org.donotanswer.guard.SafetyPolicy} turns an assessment into a {@link
 * org.donotanswer.guard.Decision}; a {@link org.donotanswer.guard.SafetyGuard} has texts assessed in time, whatever happens, and
 * gives a {@link org.donotanswer.guard.Verdict}; a {@link org.donotanswer.guard.StreamGuard} does so while an answer is written.
 */
@NullMarked
package org.donotanswer.guard;

import org.jspecify.annotations.NullMarked;
