/** How responses get into a run: asked of an endpoint, or imported; how they get out; and where one's own questions come from. */
@NullMarked
package org.donotanswer.harness.collect;

import org.jspecify.annotations.NullMarked;
