/** Files, streams and progress, as the commands read, write and show them. */
@NullMarked
package org.donotanswer.harness.io;

import org.jspecify.annotations.NullMarked;
