/** Records verdicts in a file, to explain later why a text was shown or blocked. */
@NullMarked
package org.donotanswer.guard.audit;

import org.jspecify.annotations.NullMarked;
