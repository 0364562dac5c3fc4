/** How the encoder judge is trained and measured: what its training passes and leaves out, its second stage, its figures. */
@NullMarked
package org.donotanswer.bench.encoder;

import org.jspecify.annotations.NullMarked;
