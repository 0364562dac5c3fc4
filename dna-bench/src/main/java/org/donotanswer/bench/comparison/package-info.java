/** Puts evaluators side by side: how well they judge, how fast they are, and what an application needs for them. */
@NullMarked
package org.donotanswer.bench.comparison;

import org.jspecify.annotations.NullMarked;
