/** JMH benchmarks of the evaluators, on real responses. */
@NullMarked
package org.donotanswer.bench.jmh;

import org.jspecify.annotations.NullMarked;
