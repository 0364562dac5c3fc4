package org.donotanswer.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Finds out which question each row of a response or review file is about. */
final class RowIds {
    static final String ID = "id";

    private final CsvTable table;
    private final Map<Integer, Question> questions;
    private final Map<CsvTable.Row, Integer> idOf = new LinkedHashMap<>();
    private final Map<CsvTable.Row, Integer> reassigned = new LinkedHashMap<>();

    /**
     * Reads the ids.
     *
     * @param sameResponse whether the row's response is the known response to the question of the given id
     * @throws DatasetFormatException if an id is no number, unknown, or there twice for no known reason
     */
    RowIds(CsvTable table, Map<Integer, Question> questions, BiPredicate<CsvTable.Row, Integer> sameResponse)
            throws DatasetFormatException {
        this.table = table;
        this.questions = questions;
        Map<Integer, List<CsvTable.Row>> rowsOf = new LinkedHashMap<>();
        for (CsvTable.Row row : table.rows()) {
            int id = row.number(ID, 0, Integer.MAX_VALUE);
            if (!questions.containsKey(id)) {
                throw row.error("id must be that of a question, but was " + id, ID);
            }
            rowsOf.computeIfAbsent(id, k -> new ArrayList<>()).add(row);
            idOf.put(row, id);
        }
        for (Map.Entry<Integer, List<CsvTable.Row>> entry : rowsOf.entrySet()) {
            if (entry.getValue().size() > 1) {
                reassign(entry.getKey(), entry.getValue(), rowsOf.keySet(), sameResponse);
            }
        }
    }

    /**
     * Gives rows with one id the ids of that question's duplicates which the file lacks, each row the one whose response
     * it holds. The published GPT-4 reviews need this: they were joined by the question's text at some point, and have
     * id 434 twice and its duplicate 433 never.
     */
    private void reassign(
            int id, List<CsvTable.Row> rows, Set<Integer> present, BiPredicate<CsvTable.Row, Integer> sameResponse)
            throws DatasetFormatException {
        String key = questions.get(id).groupKey();
        List<Integer> candidates = new ArrayList<>();
        for (Question question : questions.values()) {
            boolean free = question.id() == id || !present.contains(question.id());
            if (free && question.groupKey().equals(key)) {
                candidates.add(question.id());
            }
        }
        if (candidates.size() != rows.size()) {
            throw duplicate(id, rows);
        }
        for (CsvTable.Row row : rows) {
            int found = candidates.stream()
                    .filter(candidate -> sameResponse.test(row, candidate))
                    .findFirst()
                    .orElseThrow(() -> duplicate(id, rows));
            candidates.remove((Integer) found);
            if (found != id) {
                idOf.put(row, found);
                reassigned.put(row, id);
            }
        }
    }

    private static DatasetFormatException duplicate(int id, List<CsvTable.Row> rows) {
        return rows.get(1)
                .error(
                        "id must be unique, but was " + id + " on line "
                                + rows.get(0).line() + " too",
                        ID);
    }

    int id(CsvTable.Row row) {
        return idOf.get(row);
    }

    /** The rows that were given another id, with the id they had. */
    Map<CsvTable.Row, Integer> reassigned() {
        return Collections.unmodifiableMap(reassigned);
    }

    /** How many questions have no row. */
    int missing() {
        return questions.size() - new HashSet<>(idOf.values()).size();
    }

    /** The error for a file that lacks rows, at the row before which the first of them should stand. */
    DatasetFormatException missingError() {
        Map<Integer, CsvTable.Row> rowOf = new HashMap<>();
        idOf.forEach((row, id) -> rowOf.put(id, row));
        int first = -1;
        long line = table.rows().isEmpty()
                ? 1
                : table.rows().get(table.rows().size() - 1).line();
        for (int id : questions.keySet()) {
            if (first < 0 && !rowOf.containsKey(id)) {
                first = id;
            } else if (first >= 0 && rowOf.containsKey(id)) {
                line = rowOf.get(id).line();
                break;
            }
        }
        return new DatasetFormatException(
                "file must have a row for each of the " + questions.size() + " questions, but was without " + missing()
                        + ", the first id " + first,
                table.file(),
                line,
                ID);
    }
}
