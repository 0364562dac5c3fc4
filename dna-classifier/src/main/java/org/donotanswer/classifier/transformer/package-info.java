/**
 * Evaluators that use published transformer checkpoints in the layout of Hugging Face, on DJL's PyTorch engine.
 *
 * <p>Data flow: an exchange becomes tokens ({@code CheckpointTokenizer},
 * {@link org.donotanswer.classifier.transformer.InputFormat}). The tokens of concurrent callers become batches
 * ({@code BatchQueue}). A batch becomes logits ({@code CheckpointModel}, which runs the program written by an
 * {@code Architecture} such as {@code Bert} or {@code Longformer}). Logits become an assessment ({@code CheckpointHeads}).
 * {@link org.donotanswer.classifier.transformer.TransformerEvaluator} combines these steps.
 */
@NullMarked
package org.donotanswer.classifier.transformer;

import org.jspecify.annotations.NullMarked;
