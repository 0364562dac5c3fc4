/** Reviews of a run by evaluators: one, or several as a cascade or an ensemble; what each of them did, and what it cost. */
@NullMarked
package org.donotanswer.harness.review;

import org.jspecify.annotations.NullMarked;
