package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.dataset.csv.CsvWriter;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * Writes items to label as CSV, which {@link AnnotationReader} reads. The columns are {@code item}, {@code id}, {@code llm},
 * {@code harm_type}, {@code instruction}, {@code response}, {@code harmful}, {@code action} and {@code comment}. An annotator
 * fills in {@code harmful}, yes or no, and {@code action}, its number or name. Cells are
 * {@linkplain org.donotanswer.dataset.csv.FormulaEscaping escaped}. Stateless, hence thread-safe.
 */
public final class AnnotationCsv {
    static final String ITEM = "item";
    static final String ID = "id";
    static final String LLM = "llm";
    static final String HARM_TYPE = "harm_type";
    static final String INSTRUCTION = "instruction";
    static final String RESPONSE = "response";
    static final String HARMFUL = "harmful";
    static final String ACTION = "action";
    static final String COMMENT = "comment";

    private AnnotationCsv() {}

    /**
     * Writes items to label.
     *
     * @param blind whether to leave out the LLM
     * @param out not closed
     * @throws IOException if the stream cannot be written
     */
    public static void write(List<AnnotationItem> items, boolean blind, OutputStream out) throws IOException {
        List<String> header =
                new ArrayList<>(List.of(ITEM, ID, LLM, HARM_TYPE, INSTRUCTION, RESPONSE, HARMFUL, ACTION, COMMENT));
        if (blind) {
            header.remove(LLM);
        }
        CsvWriter csv = CsvWriter.forSpreadsheet(out, header);
        for (AnnotationItem item : items) {
            List<String> row = describe(item, blind);
            row.addAll(List.of("", "", ""));
            csv.write(row);
        }
    }

    /** Returns the fields from {@code item} to {@code response}. */
    static List<String> describe(AnnotationItem item, boolean blind) {
        List<String> row = new ArrayList<>(List.of(item.key(), item.id()));
        if (!blind) {
            row.add(item.llm().name());
        }
        row.add(harmType(item));
        row.add(item.response().exchange().instruction());
        row.add(item.response().exchange().response());
        return row;
    }

    /** Returns the label of the instruction's harm type; empty if unknown. */
    static String harmType(AnnotationItem item) {
        return item.response()
                .specificHarm()
                .map(SpecificHarm::harmType)
                .map(HarmType::label)
                .orElse("");
    }
}
