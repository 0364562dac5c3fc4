/** Guards streams of Project Reactor, which is an optional dependency. */
@NullMarked
package org.donotanswer.guard.reactor;

import org.jspecify.annotations.NullMarked;
