/** Classification metrics, agreement and intervals, as pure functions. */
@NullMarked
package org.donotanswer.metrics;

import org.jspecify.annotations.NullMarked;
