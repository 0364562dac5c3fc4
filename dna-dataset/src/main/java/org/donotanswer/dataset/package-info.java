/** The Do-Not-Answer benchmark, with its questions, responses and reviews, and labelled examples of other sources. */
@NullMarked
package org.donotanswer.dataset;

import org.jspecify.annotations.NullMarked;
