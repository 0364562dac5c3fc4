/** The embedded safety evaluator: a compact pure-Java model, and its trainer. */
@NullMarked
package org.donotanswer.classifier.embedded;

import org.jspecify.annotations.NullMarked;
