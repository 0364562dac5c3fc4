/** The risk taxonomy of Do-Not-Answer and its crosswalk to other taxonomies. */
@NullMarked
package org.donotanswer.taxonomy;

import org.jspecify.annotations.NullMarked;
