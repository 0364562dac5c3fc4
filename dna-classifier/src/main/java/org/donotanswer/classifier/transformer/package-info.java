/**
 * Evaluators made of published transformer checkpoints, in the layout of Hugging Face, on DJL's PyTorch engine.
 *
 * <p>The way of the data: an exchange becomes tokens ({@code CheckpointTokenizer}, {@link
 * org.donotanswer.classifier.transformer.InputFormat}), the tokens of concurrent callers become batches ({@code BatchQueue}),
 * a batch becomes logits ({@code CheckpointModel}, which runs the program that an {@code Architecture} such as {@code Bert} or
 * {@code Longformer} writes), and logits become an assessment ({@code LabelMapping}). {@link
 * org.donotanswer.classifier.transformer.TransformerEvaluator} holds it together.
 */
@NullMarked
package org.donotanswer.classifier.transformer;

import org.jspecify.annotations.NullMarked;
