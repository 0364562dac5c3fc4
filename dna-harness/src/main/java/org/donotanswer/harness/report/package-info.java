/** Reports: what they say, as values, and how it is shown as a page, Markdown, CSV, JSON and LaTeX. */
@NullMarked
package org.donotanswer.harness.report;

import org.jspecify.annotations.NullMarked;
