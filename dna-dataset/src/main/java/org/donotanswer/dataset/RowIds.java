package org.donotanswer.dataset;

import com.google.common.collect.Iterables;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.Multimaps;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.donotanswer.dataset.csv.CsvRow;

/** The id of the question to which each row of a response or review file belongs. */
final class RowIds {
    static final String ID = "id";

    private final DatasetTable table;
    private final Map<Integer, Question> questions;
    private final Map<CsvRow, Integer> idOf = new LinkedHashMap<>();
    private final Map<CsvRow, Integer> reassigned = new LinkedHashMap<>();

    /**
     * Reads the ids.
     *
     * @param sameResponse whether the row has the known response to the question with the given id
     * @throws CsvFormatException if an id is not a number, is unknown, or is repeated for an unknown reason
     */
    RowIds(DatasetTable table, Map<Integer, Question> questions, BiPredicate<CsvRow, Integer> sameResponse)
            throws CsvFormatException {
        this.table = table;
        this.questions = questions;
        ListMultimap<Integer, CsvRow> rowsOf =
                MultimapBuilder.linkedHashKeys().arrayListValues().build();
        for (CsvRow row : table.rows()) {
            int id = row.integer(ID, 0, Integer.MAX_VALUE);
            if (!questions.containsKey(id)) {
                throw row.error("id must be that of a question, but was " + id, ID);
            }
            rowsOf.put(id, row);
            idOf.put(row, id);
        }
        for (Map.Entry<Integer, List<CsvRow>> entry : Multimaps.asMap(rowsOf).entrySet()) {
            if (entry.getValue().size() > 1) {
                reassign(entry.getKey(), entry.getValue(), rowsOf.keySet(), sameResponse);
            }
        }
    }

    /**
     * Distributes rows that share an id over the ids of that question's duplicates that the file lacks: each row goes to
     * the question whose known response it has. The published GPT-4 reviews need this: they were once joined by the text of
     * the question, so they have id 434 twice and its duplicate 433 never.
     */
    private void reassign(int id, List<CsvRow> rows, Set<Integer> present, BiPredicate<CsvRow, Integer> sameResponse)
            throws CsvFormatException {
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
        for (CsvRow row : rows) {
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

    private static CsvFormatException duplicate(int id, List<CsvRow> rows) {
        return rows.get(1)
                .error(
                        "id must be unique, but was " + id + " as on line "
                                + rows.get(0).line(),
                        ID);
    }

    int id(CsvRow row) {
        return idOf.get(row);
    }

    /** The rows that were given another id, with the id in the file. */
    Map<CsvRow, Integer> reassigned() {
        return Collections.unmodifiableMap(reassigned);
    }

    /** The number of questions that have no row. */
    int missing() {
        return questions.size() - new HashSet<>(idOf.values()).size();
    }

    /** The error for a file that lacks rows, located at the row before which the first missing one belongs. */
    CsvFormatException missingError() {
        Map<Integer, CsvRow> rowOf = new HashMap<>();
        idOf.forEach((row, id) -> rowOf.put(id, row));
        List<Integer> ids = List.copyOf(questions.keySet());
        int first = Iterables.indexOf(ids, id -> !rowOf.containsKey(id));
        CsvRow following = ids.stream()
                .skip(first)
                .map(rowOf::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Iterables.getLast(table.rows(), null));
        String problem = "file must have a row for each of the " + questions.size() + " questions, but lacked "
                + missing() + ", the first id " + ids.get(first);
        return following == null ? table.header().error(problem, ID) : following.error(problem, ID);
    }
}
