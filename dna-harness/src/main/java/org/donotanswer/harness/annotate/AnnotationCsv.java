package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.dataset.csv.CsvWriter;
import org.donotanswer.dataset.csv.FormulaEscaping;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * Writes items to label as CSV and reads the labels. The columns are {@code item}, {@code id}, {@code llm},
 * {@code harm_type}, {@code instruction}, {@code response}, {@code harmful}, {@code action} and {@code comment}. An annotator
 * fills in {@code harmful}, yes or no, and {@code action}, its number or name. Cells are
 * {@linkplain FormulaEscaping escaped}. Stateless, hence thread-safe.
 *
 * <p>Rows are matched by {@code item}, the {@linkplain AnnotationItem#key() key}, or without it by {@code id} and
 * {@code llm}. The texts are not read, as a spreadsheet truncates those of more than 32,767 characters.
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

    /**
     * Reads one annotator's annotations. Rows without a label are counted as blank.
     *
     * @param in closed by this method
     * @param file the name of the file in messages
     * @throws CsvFormatException if the file is malformed, an item or label is unknown, or an item is repeated
     * @throws IllegalArgumentException if the annotator's name is not usable as a file name
     * @throws IOException if the stream cannot be read
     */
    public static AnnotationBatch read(InputStream in, String file, AnnotationItems items, String annotator)
            throws IOException {
        AnnotatorNames.require(annotator);
        AnnotationBatch.Builder batch = new AnnotationBatch.Builder();
        read(in, file, items, (item, annotation) -> {
            if (annotation.isPresent()) {
                batch.add(annotator, item, annotation.get());
            } else {
                batch.blank();
            }
        });
        return batch.build();
    }

    /**
     * Reads decisions by item; rows without a label are left out.
     *
     * @param in closed by this method
     * @param file the name of the file in messages
     * @throws CsvFormatException as {@link #read}
     * @throws IOException if the stream cannot be read
     */
    public static Map<AnnotationItem, Annotation> readDecisions(InputStream in, String file, AnnotationItems items)
            throws IOException {
        Map<AnnotationItem, Annotation> decisions = new LinkedHashMap<>();
        read(in, file, items, (item, annotation) -> {
            if (annotation.isPresent() && decisions.put(item, annotation.get()) != null) {
                throw new IllegalArgumentException("response must have one decision, but " + item + " had two");
            }
        });
        return decisions;
    }

    /** Passes each row to the consumer, whose IllegalArgumentException becomes an error of the row. */
    private static void read(
            InputStream in,
            String file,
            AnnotationItems items,
            BiConsumer<AnnotationItem, Optional<Annotation>> consumer)
            throws IOException {
        try (CsvReader reader = CsvReader.open(in, file)) {
            boolean byKey = reader.header().has(ITEM);
            reader.header().require(byKey ? List.of(ITEM) : List.of(ID, LLM));
            reader.header().require(HARMFUL, ACTION);
            while (reader.next()) {
                CsvRow row = reader.row();
                AnnotationItem item = byKey ? itemOfKey(row, items) : itemOfIdAndLlm(row, items);
                Optional<Annotation> annotation = annotation(row);
                try {
                    consumer.accept(item, annotation);
                } catch (IllegalArgumentException e) {
                    throw row.error(String.valueOf(e.getMessage()), byKey ? ITEM : ID);
                }
            }
        }
    }

    private static AnnotationItem itemOfKey(CsvRow row, AnnotationItems items) throws CsvFormatException {
        String key = row.text(ITEM).strip();
        return items.find(key)
                .orElseThrow(() -> row.error(
                        "item must be the key of a response of the runs, but was " + LabelText.shown(key), ITEM));
    }

    private static AnnotationItem itemOfIdAndLlm(CsvRow row, AnnotationItems items) throws CsvFormatException {
        return items.find(unescaped(row, LLM), unescaped(row, ID))
                .orElseThrow(
                        () -> row.error("id and llm must be those of a response of the runs, but were unknown", ID));
    }

    private static Optional<Annotation> annotation(CsvRow row) throws CsvFormatException {
        String column = HARMFUL;
        try {
            Optional<Boolean> harmful = LabelText.harmful(unescaped(row, column));
            column = ACTION;
            Optional<ResponseAction> action = LabelText.action(unescaped(row, column));
            String comment = row.find(COMMENT).map(FormulaEscaping::unescape).orElse("");
            return harmful.isEmpty() && action.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Annotation(harmful, action, comment));
        } catch (IllegalArgumentException e) {
            throw row.error(String.valueOf(e.getMessage()), column);
        }
    }

    private static String unescaped(CsvRow row, String column) {
        return FormulaEscaping.unescape(row.text(column));
    }
}
