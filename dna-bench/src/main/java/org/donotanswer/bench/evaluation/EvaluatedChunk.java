package org.donotanswer.bench.evaluation;

import java.util.List;

/**
 * Some items of one file as they are written. As thread-safe as its counts.
 *
 * @param file the index of the file
 * @param items the number of items, including those that an earlier run wrote
 * @param bytes what is written; empty if an earlier run wrote all
 * @param ids the ids of the items that could be read
 * @param oldIds how many of the ids, the first, are of items that an earlier run wrote
 * @param counts the counts of the other items
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EvaluatedChunk(int file, int items, byte[] bytes, List<String> ids, int oldIds, EvaluationCounts counts) {}
