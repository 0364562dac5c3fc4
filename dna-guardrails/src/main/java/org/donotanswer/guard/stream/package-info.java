/**
 * Guards responses while they are written: a {@link org.donotanswer.guard.stream.StreamGuard} checks windows of a stream and releases
 * what has passed, through callbacks, {@link java.util.concurrent.Flow} or an iterator.
 */
@NullMarked
package org.donotanswer.guard.stream;

import org.jspecify.annotations.NullMarked;
