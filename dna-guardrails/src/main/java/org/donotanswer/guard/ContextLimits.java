package org.donotanswer.guard;

/**
 * How much of what was said before the last exchange is read with it. Immutable, hence thread-safe.
 *
 * @param turns at most so many turns of the user; 0 for none
 * @param characters at most so many chars of them
 */
record ContextLimits(int turns, int characters) {}
