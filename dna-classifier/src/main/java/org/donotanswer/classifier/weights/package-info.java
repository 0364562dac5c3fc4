/** Reads the weights of checkpoints. */
@NullMarked
package org.donotanswer.classifier.weights;

import org.jspecify.annotations.NullMarked;
