/** Helpers that the modules of Do-Not-Answer share. Exported to these modules only; not part of the API. */
@NullMarked
package org.donotanswer.internal;

import org.jspecify.annotations.NullMarked;
