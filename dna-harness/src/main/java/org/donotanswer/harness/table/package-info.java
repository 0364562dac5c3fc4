/**
 * Files of records as people have them: CSV with any separator, JSON lines, JSON documents and chats, in one way for all
 * commands. {@link org.donotanswer.harness.table.TableColumn} has the names of columns that are understood.
 */
@NullMarked
package org.donotanswer.harness.table;

import org.jspecify.annotations.NullMarked;
