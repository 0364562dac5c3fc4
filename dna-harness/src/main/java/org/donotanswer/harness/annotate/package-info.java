/** What people say of a run's responses: given out to be labelled, taken in again, compared, and made one label of each. */
@NullMarked
package org.donotanswer.harness.annotate;

import org.jspecify.annotations.NullMarked;
