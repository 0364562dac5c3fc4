package org.donotanswer.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * Adds the assessments to the rows of a partition, batch by batch, in their order. Each task has its own copy, and computes on
 * its own thread. Immutable, hence thread-safe.
 */
final class PartitionEvaluation implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final int instructionIndex;
    private final int responseIndex;
    private final String evaluator;
    private final int batchSize;

    PartitionEvaluation(int instructionIndex, int responseIndex, SparkEvaluationOptions options) {
        this.instructionIndex = instructionIndex;
        this.responseIndex = responseIndex;
        evaluator = options.evaluator();
        batchSize = options.batchSize();
    }

    /**
     * Returns the rows with their assessments.
     *
     * @throws UnavailableEvaluatorException if this process cannot have the evaluator; an empty partition needs none
     */
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return rows.hasNext() ? new AssessedRows(rows, ExecutorEvaluators.get(evaluator)) : Collections.emptyIterator();
    }

    private final class AssessedRows implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final SafetyEvaluator open;
        private Iterator<Row> batch = Collections.emptyIterator();

        AssessedRows(Iterator<Row> rows, SafetyEvaluator open) {
            this.rows = rows;
            this.open = open;
        }

        @Override
        public boolean hasNext() {
            return batch.hasNext() || rows.hasNext();
        }

        @Override
        public Row next() {
            if (!batch.hasNext()) {
                if (!rows.hasNext()) {
                    throw new NoSuchElementException("partition has no more rows");
                }
                batch = nextBatch();
            }
            return batch.next();
        }

        private Iterator<Row> nextBatch() {
            List<Row> read = new ArrayList<>(batchSize);
            List<Exchange> exchanges = new ArrayList<>(batchSize);
            while (read.size() < batchSize && rows.hasNext()) {
                Row row = rows.next();
                read.add(row);
                if (!row.isNullAt(responseIndex)) {
                    exchanges.add(exchange(row));
                }
            }
            Iterator<Assessment> assessments = open.evaluateAll(exchanges).iterator();
            List<Row> assessed = new ArrayList<>(read.size());
            for (Row row : read) {
                assessed.add(append(
                        row,
                        row.isNullAt(responseIndex)
                                ? AssessmentRows.ofMissingResponse()
                                : AssessmentRows.of(assessments.next())));
            }
            return assessed.iterator();
        }

        private Exchange exchange(Row row) {
            String response = row.getString(responseIndex);
            return row.isNullAt(instructionIndex)
                    ? Exchange.responseOnly(response)
                    : Exchange.of(row.getString(instructionIndex), response);
        }
    }

    private static Row append(Row row, Row assessment) {
        Object[] values = new Object[row.size() + 1];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        values[row.size()] = assessment;
        return RowFactory.create(values);
    }
}
