/** Training of the embedded model. What evaluation needs lies in the parent package, which knows nothing of this one. */
@NullMarked
package org.donotanswer.classifier.embedded.training;

import org.jspecify.annotations.NullMarked;
