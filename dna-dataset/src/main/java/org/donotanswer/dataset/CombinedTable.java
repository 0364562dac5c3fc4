package org.donotanswer.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The columns of {@code data_en.csv}: those of the questions, then per LLM its response and the human labels.
 *
 * @param llms the LLMs with a response
 * @param reviewedLlms those of them with labels
 */
record CombinedTable(CsvTable table, SortedSet<Llm> llms, SortedSet<Llm> reviewedLlms) {
    private static final String RESPONSE = "_response";
    private static final String HARMFUL = "_harmful";
    private static final String ACTION = "_action";

    static CombinedTable of(CsvTable table) throws DatasetFormatException {
        SortedSet<Llm> llms = new TreeSet<>();
        SortedSet<Llm> reviewed = new TreeSet<>();
        for (int i = 0; i < table.header().size(); i++) {
            String column = table.header().get(i);
            for (String suffix : List.of(RESPONSE, HARMFUL, ACTION)) {
                if (column.endsWith(suffix)) {
                    Llm llm = llm(table, column, suffix, i);
                    llms.add(llm);
                    if (!suffix.equals(RESPONSE)) {
                        reviewed.add(llm);
                    }
                }
            }
        }
        for (Llm llm : llms) {
            table.requireColumns(List.of(responseColumn(llm)));
        }
        for (Llm llm : reviewed) {
            table.requireColumns(List.of(harmfulColumn(llm), actionColumn(llm)));
        }
        return new CombinedTable(table, llms, reviewed);
    }

    private static Llm llm(CsvTable table, String column, String suffix, int index) throws DatasetFormatException {
        try {
            return Llm.of(column.substring(0, column.length() - suffix.length()));
        } catch (IllegalArgumentException e) {
            throw new DatasetFormatException(e.getMessage(), table.file(), 1, String.valueOf(index + 1));
        }
    }

    /** The names of all columns that are read. */
    List<String> columns() {
        List<String> columns = new ArrayList<>(QuestionRows.COLUMNS);
        llms.forEach(llm -> columns.add(responseColumn(llm)));
        for (Llm llm : reviewedLlms) {
            columns.add(harmfulColumn(llm));
            columns.add(actionColumn(llm));
        }
        return columns;
    }

    static String responseColumn(Llm llm) {
        return llm.name() + RESPONSE;
    }

    static String harmfulColumn(Llm llm) {
        return llm.name() + HARMFUL;
    }

    static String actionColumn(Llm llm) {
        return llm.name() + ACTION;
    }
}
