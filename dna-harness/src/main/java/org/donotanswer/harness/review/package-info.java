/** Reviews of a run by evaluators, single or combined in a cascade or an ensemble, with statistics of work and cost. */
@NullMarked
package org.donotanswer.harness.review;

import org.jspecify.annotations.NullMarked;
