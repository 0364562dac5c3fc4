package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.CsvHeader;
import org.donotanswer.harness.io.CsvReader;
import org.donotanswer.harness.io.CsvWriter;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * Items to label, and labels, as CSV with the columns item, id, llm, harm_type, instruction, response, harmful, action and
 * comment. An annotator fills in harmful, yes or no, and action, its number or name. Cells are kept from being formulas, see
 * {@link CsvWriter}. Pure functions, hence thread-safe.
 *
 * <p>What was labelled is told by the column item, the {@linkplain AnnotationItem#key() key}, or, without it, by id and llm.
 * The texts are not read back: a spreadsheet cuts those of more than 32,767 characters.
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
     * Writes items, to be labelled.
     *
     * @param blind whether not to say which LLM answered
     * @param out not closed
     */
    public static void write(List<AnnotationItem> items, boolean blind, OutputStream out) throws IOException {
        List<String> header =
                new ArrayList<>(List.of(ITEM, ID, LLM, HARM_TYPE, INSTRUCTION, RESPONSE, HARMFUL, ACTION, COMMENT));
        if (blind) {
            header.remove(LLM);
        }
        CsvWriter csv = forSpreadsheet(out, header);
        for (AnnotationItem item : items) {
            List<String> row = describe(item, blind);
            row.addAll(List.of("", "", ""));
            csv.write(row);
        }
    }

    /** Returns what writes CSV after a byte order mark: without, a spreadsheet takes the bytes for those of its locale. */
    static CsvWriter forSpreadsheet(OutputStream out, List<String> header) throws IOException {
        out.write("\uFEFF".getBytes(StandardCharsets.UTF_8));
        return new CsvWriter(out, header);
    }

    /** Returns the columns from item to response. */
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

    /** Returns the harm that the instruction invites in words; empty if none is known. */
    static String harmType(AnnotationItem item) {
        return item.response()
                .specificHarm()
                .map(SpecificHarm::harmType)
                .map(HarmType::label)
                .orElse("");
    }

    /**
     * Returns the annotations of one annotator. Rows without a label are counted as blank.
     *
     * @param in closed at the end
     * @param file for messages
     * @throws BadInputException if the file is broken, an item or label is not known, or an item is there twice
     * @throws IllegalArgumentException if the annotator's name is none
     */
    public static AnnotationBatch read(InputStream in, String file, AnnotationItems items, String annotator)
            throws IOException {
        AnnotatorNames.require(annotator);
        AnnotationBatch.Collector batch = new AnnotationBatch.Collector();
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
     * Returns the labels of a file by item, whoever gave them; rows without a label are left out.
     *
     * @param in closed at the end
     * @param file for messages
     * @throws BadInputException as for {@link #read}
     */
    public static Map<AnnotationItem, Annotation> readDecisions(InputStream in, String file, AnnotationItems items)
            throws IOException {
        Map<AnnotationItem, Annotation> decisions = new LinkedHashMap<>();
        read(in, file, items, (item, annotation) -> {
            if (annotation.isPresent() && decisions.put(item, annotation.get()) != null) {
                throw new IllegalArgumentException(
                        "decision on a response must be there once, but was twice, on " + item);
            }
        });
        return decisions;
    }

    /** Takes an item and its labels, if any; what it holds against them is an IllegalArgumentException. */
    @FunctionalInterface
    private interface Taker {
        void take(AnnotationItem item, Optional<Annotation> annotation);
    }

    private static void read(InputStream in, String file, AnnotationItems items, Taker taker) throws IOException {
        try (CsvReader reader = new CsvReader(in, file)) {
            CsvHeader header = CsvHeader.read(reader);
            if (!header.has(ITEM)) {
                header.require(ID);
                header.require(LLM);
            }
            header.require(HARMFUL);
            header.require(ACTION);
            for (CsvReader.Row row = header.next(); row != null; row = header.next()) {
                AnnotationItem item = item(header, row, items);
                Optional<Annotation> annotation = annotation(header, row);
                try {
                    taker.take(item, annotation);
                } catch (IllegalArgumentException e) {
                    throw header.error(String.valueOf(e.getMessage()), row, header.has(ITEM) ? ITEM : ID);
                }
            }
        }
    }

    private static AnnotationItem item(CsvHeader header, CsvReader.Row row, AnnotationItems items)
            throws BadInputException {
        if (header.has(ITEM)) {
            String key = header.text(row, ITEM).strip();
            return items.find(key)
                    .orElseThrow(() -> header.error(
                            "item must be the key of a response of the runs, but was " + LabelText.shown(key),
                            row,
                            ITEM));
        }
        String id = CsvWriter.unguarded(header.text(row, ID));
        return items.find(CsvWriter.unguarded(header.text(row, LLM)), id)
                .orElseThrow(() ->
                        header.error("id and llm must be those of a response of the runs, but were of none", row, ID));
    }

    private static Optional<Annotation> annotation(CsvHeader header, CsvReader.Row row) throws BadInputException {
        String column = HARMFUL;
        try {
            Optional<Boolean> harmful = LabelText.harmful(CsvWriter.unguarded(header.text(row, column)));
            column = ACTION;
            var action = LabelText.action(CsvWriter.unguarded(header.text(row, column)));
            String comment = header.has(COMMENT) ? CsvWriter.unguarded(header.text(row, COMMENT)) : "";
            return harmful.isEmpty() && action.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Annotation(harmful, action, comment));
        } catch (IllegalArgumentException e) {
            throw header.error(String.valueOf(e.getMessage()), row, column);
        }
    }
}
