/** JMH benchmarks of evaluators and guards on real responses. {@code dna-bench} is not published, so this is not an API. */
@NullMarked
package org.donotanswer.bench.jmh;

import org.jspecify.annotations.NullMarked;
