/** The evaluator in Apache Spark: as a column of a dataset, as an SQL function, and as a job over files. */
@NullMarked
package org.donotanswer.spark;

import org.jspecify.annotations.NullMarked;
