/** Guards streams of Project Reactor, an optional dependency. */
@NullMarked
package org.donotanswer.guard.reactor;

import org.jspecify.annotations.NullMarked;
