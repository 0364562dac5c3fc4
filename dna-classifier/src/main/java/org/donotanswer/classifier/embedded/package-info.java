/** The embedded safety evaluator: a compact model in pure Java, its features, scoring and file format. */
@NullMarked
package org.donotanswer.classifier.embedded;

import org.jspecify.annotations.NullMarked;
