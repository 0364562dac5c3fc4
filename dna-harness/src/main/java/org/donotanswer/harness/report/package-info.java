/** Reports: their content as records, and its formats: HTML, Markdown, plain text, CSV, JSON and LaTeX. */
@NullMarked
package org.donotanswer.harness.report;

import org.jspecify.annotations.NullMarked;
