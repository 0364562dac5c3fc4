/** The embedded safety evaluator: a compact model in pure Java, its file format and its features. */
@NullMarked
package org.donotanswer.classifier.embedded;

import org.jspecify.annotations.NullMarked;
