/** Brings a model's files from the Hugging Face hub into the cache that the hub's Python client keeps. */
@NullMarked
package org.donotanswer.classifier.hub;

import org.jspecify.annotations.NullMarked;
