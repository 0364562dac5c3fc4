/**
 * Guards a chatbot. A {@link org.donotanswer.guard.SafetyGuard} has an evaluator assess texts, applies a {@linkplain
 * org.donotanswer.guard.policy.SafetyPolicy policy}, and returns a {@link org.donotanswer.guard.Verdict}. It does so within a deadline
 * and never fails because of a text. {@link org.donotanswer.guard.stream.StreamGuard} does the same while a response is being
 * written.
 */
@NullMarked
package org.donotanswer.guard;

import org.jspecify.annotations.NullMarked;
