/** Keeps verdicts in a file, for whoever must tell later why a text was shown or was not. */
@NullMarked
package org.donotanswer.guard.audit;

import org.jspecify.annotations.NullMarked;
