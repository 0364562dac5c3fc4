/** The Do-Not-Answer benchmark: questions, responses and reviews. */
@NullMarked
package org.donotanswer.dataset;

import org.jspecify.annotations.NullMarked;
