/** The encoder judge: a fine-tuned encoder whose base is an artifact of Maven Central. */
@NullMarked
package org.donotanswer.encoder;

import org.jspecify.annotations.NullMarked;
