/** Safety evaluators that run transformer checkpoints. */
@NullMarked
package org.donotanswer.classifier.transformer;

import org.jspecify.annotations.NullMarked;
