/** Helpers that the packages of this module share; exported to none. */
@NullMarked
package org.donotanswer.guard.internal;

import org.jspecify.annotations.NullMarked;
