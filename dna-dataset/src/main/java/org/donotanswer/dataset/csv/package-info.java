/**
 * The CSV dialect of this project, its reader and its writer: RFC 4180 in UTF-8, with a header row.
 *
 * <p>Fields are separated by commas and quoted with {@code "}; a quote inside a quoted field is doubled, and there is no
 * escape character. Records end with LF, CR or CR LF. A byte order mark is skipped, and so are empty lines between records.
 * Fields are kept exactly as they are, outer spaces and line breaks included.
 */
@NullMarked
package org.donotanswer.dataset.csv;

import org.jspecify.annotations.NullMarked;
