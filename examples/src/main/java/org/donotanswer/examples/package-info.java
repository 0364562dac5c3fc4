/** Runnable examples, one main per file. */
@NullMarked
package org.donotanswer.examples;

import org.jspecify.annotations.NullMarked;
