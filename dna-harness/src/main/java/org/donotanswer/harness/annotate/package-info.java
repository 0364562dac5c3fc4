/** Labelling by people: exporting responses, importing annotations, comparing annotators and adjudicating their labels. */
@NullMarked
package org.donotanswer.harness.annotate;

import org.jspecify.annotations.NullMarked;
