/** Downloads the files of models from the Hugging Face Hub into the cache that its Python client uses. */
@NullMarked
package org.donotanswer.classifier.hub;

import org.jspecify.annotations.NullMarked;
