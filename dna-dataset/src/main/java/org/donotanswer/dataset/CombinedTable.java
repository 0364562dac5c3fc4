package org.donotanswer.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.donotanswer.dataset.csv.CsvFormatException;

/**
 * The table {@code data_en.csv}: the columns of the question file, then a response and human labels for each LLM.
 *
 * @param llms the LLMs that have a response column
 * @param reviewedLlms the LLMs that also have label columns
 */
record CombinedTable(DatasetTable table, SortedSet<Llm> llms, SortedSet<Llm> reviewedLlms) {
    private static final String RESPONSE = "_response";
    private static final String HARMFUL = "_harmful";
    private static final String ACTION = "_action";

    static CombinedTable of(DatasetTable table) throws CsvFormatException {
        SortedSet<Llm> llms = new TreeSet<>();
        SortedSet<Llm> reviewed = new TreeSet<>();
        for (int i = 0; i < table.header().columns().size(); i++) {
            String column = table.header().columns().get(i);
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
            table.header().require(responseColumn(llm));
        }
        for (Llm llm : reviewed) {
            table.header().require(harmfulColumn(llm), actionColumn(llm));
        }
        return new CombinedTable(table, llms, reviewed);
    }

    private static Llm llm(DatasetTable table, String column, String suffix, int index) throws CsvFormatException {
        try {
            return Llm.of(column.substring(0, column.length() - suffix.length()));
        } catch (IllegalArgumentException e) {
            throw table.header().error(e.getMessage(), String.valueOf(index + 1));
        }
    }

    /** The names of all columns that are used. */
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
