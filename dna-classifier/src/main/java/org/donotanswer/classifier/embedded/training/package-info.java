/** Training of the embedded model. Evaluation needs the parent package only, which does not depend on this one. */
@NullMarked
package org.donotanswer.classifier.embedded.training;

import org.jspecify.annotations.NullMarked;
