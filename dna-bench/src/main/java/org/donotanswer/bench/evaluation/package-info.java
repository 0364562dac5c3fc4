/**
 * Evaluates exchanges one after the other: inputs (files, directories, patterns, a stream), what is written of each, and outputs
 * that can be continued after a kill. {@link org.donotanswer.bench.evaluation.FileEvaluation} does all of it for files.
 */
@NullMarked
package org.donotanswer.bench.evaluation;

import org.jspecify.annotations.NullMarked;
