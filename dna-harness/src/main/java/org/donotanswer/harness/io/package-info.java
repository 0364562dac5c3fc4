/** Reading and writing files, JSON and numbers, and reporting progress; shared by the packages of the harness. */
@NullMarked
package org.donotanswer.harness.io;

import org.jspecify.annotations.NullMarked;
