/** The contracts of safety evaluation: exchanges, assessments and evaluators. */
@NullMarked
package org.donotanswer.evaluate;

import org.jspecify.annotations.NullMarked;
