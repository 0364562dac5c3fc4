/** Cross-validation of the embedded model, compared with the published evaluators, and its training data. */
@NullMarked
package org.donotanswer.bench.crossvalidation;

import org.jspecify.annotations.NullMarked;
