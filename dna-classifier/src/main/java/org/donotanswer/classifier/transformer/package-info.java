/** Safety evaluators from transformer checkpoints in Hugging Face's layout. */
@NullMarked
package org.donotanswer.classifier.transformer;

import org.jspecify.annotations.NullMarked;
