/**
 * Readers and a writer of checkpoint weights in pure Java: safetensors files, and what {@code torch.save} wrote, of which
 * nothing but tensors is ever built.
 */
@NullMarked
package org.donotanswer.classifier.weights;

import org.jspecify.annotations.NullMarked;
