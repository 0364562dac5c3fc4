package org.donotanswer.guard;

/**
 * Limits of what is read of a conversation before its last exchange. Immutable, hence thread-safe.
 *
 * @param turns maximum number of turns of the user; 0 for none
 * @param characters maximum number of chars of these turns
 */
record ContextLimits(int turns, int characters) {}
