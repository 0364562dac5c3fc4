/**
 * Fine-tunes transformer classifiers on labelled exchanges: from a pretrained encoder or a published checkpoint to a
 * directory in Hugging Face's layout that this library and the reference implementation load.
 *
 * <p>Data flow: labelled exchanges become {@link org.donotanswer.classifier.finetune.FineTuningExample}s. {@link
 * org.donotanswer.classifier.finetune.FineTuner} tokenizes them, plans the batches of each epoch, has a {@link
 * org.donotanswer.classifier.transformer.TrainableClassifier} compute gradients and updates, measures each epoch on examples
 * held out, calibrates the best state, and writes the directory.
 */
@NullMarked
package org.donotanswer.classifier.finetune;

import org.jspecify.annotations.NullMarked;
