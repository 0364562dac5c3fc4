package org.donotanswer.harness.annotate;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.LabelValues;
import org.donotanswer.harness.table.RawRow;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableRow;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Reads labels: what annotators filled into the file of {@link AnnotationCsv}, in any format, and exports of Label Studio as
 * JSON, JSON-MIN or CSV. Predictions, drafts and other controls are ignored. Stateless, hence thread-safe.
 *
 * <p>Records are matched by {@code item}, the {@linkplain AnnotationItem#key() key}, or without it by {@code id} and
 * {@code llm}. The texts are not read, as a spreadsheet truncates those of more than 32,767 characters. A record that is
 * malformed is {@linkplain AnnotationBatch#rejected() rejected}, and the others are read. Of several annotations of a response
 * by one annotator, the latest counts: by {@code updated_at}, or {@code created_at}, or else the last one in the file.
 */
public final class AnnotationReader {
    private final AnnotationItems items;
    private final Optional<String> annotator;
    private final LabelStudioTasks tasks;
    private final AnnotationBatch.Builder batch;

    private AnnotationReader(
            AnnotationItems items, Optional<String> annotator, LabelStudioTasks tasks, AnnotationBatch.Builder batch) {
        this.items = items;
        this.annotator = annotator;
        this.tasks = tasks;
        this.batch = batch;
    }

    /**
     * Reads the annotations of one annotator, whom the file does not name.
     *
     * @param table not closed
     * @throws IllegalArgumentException if the annotator's name is not usable as a file name, or the file names annotators
     * @throws BadInputException if the file is malformed as a whole
     * @throws IOException if it cannot be read
     */
    public static AnnotationBatch read(TableReader table, AnnotationItems items, String annotator) throws IOException {
        return read(table, items, Optional.of(AnnotatorNames.require(annotator)), new AnnotatorNames(Map.of()));
    }

    /**
     * Reads the annotations of everybody whom the file names.
     *
     * @param table not closed
     * @param file the name of the file in messages
     * @param names the names of annotators by their id or e-mail address in the file; the default is
     *     {@code annotator-NUMBER}
     * @throws IllegalArgumentException if a name is not usable as a file name, or the file does not name annotators
     * @throws BadInputException if the file is malformed as a whole
     * @throws IOException if a named annotator is not in the file, or it cannot be read
     */
    public static AnnotationBatch read(TableReader table, String file, AnnotationItems items, Map<String, String> names)
            throws IOException {
        AnnotatorNames annotators = new AnnotatorNames(names);
        AnnotationBatch batch = read(table, items, Optional.empty(), annotators);
        annotators.requireAllSeen(file);
        return batch;
    }

    private static AnnotationBatch read(
            TableReader table, AnnotationItems items, Optional<String> annotator, AnnotatorNames names)
            throws IOException {
        AnnotationBatch.Builder batch = new AnnotationBatch.Builder();
        AnnotationReader reader =
                new AnnotationReader(items, annotator, new LabelStudioTasks(items, names, batch), batch);
        table.check(List.of(TableColumn.HARMFUL, TableColumn.ACTION), List.of(TableColumn.ITEM, TableColumn.LLM));
        for (RawRow raw = table.next(); raw != null; raw = table.next()) {
            try {
                reader.add(raw.parse());
            } catch (BadInputException e) {
                batch.reject(String.valueOf(e.getMessage()));
            }
        }
        return batch.build();
    }

    private void add(TableRow row) throws BadInputException {
        JsonNode data = row.json("data").orElse(null);
        if (data == null) {
            addFlat(row);
            return;
        }
        requireNamed(true);
        try {
            tasks.add(row, data);
        } catch (IllegalArgumentException e) {
            throw row.error(String.valueOf(e.getMessage()));
        }
    }

    /** Adds a record that is one annotation: a row of a spreadsheet, or a task of JSON-MIN. */
    private void addFlat(TableRow row) throws BadInputException {
        boolean named = row.has(TableColumn.ANNOTATOR);
        requireNamed(named);
        AnnotationItem item = item(row, items);
        Optional<Annotation> annotation = annotation(row);
        if (annotation.isEmpty()) {
            batch.blank();
            return;
        }
        Optional<Instant> updated = time(row.label(TableColumn.UPDATED_AT).orElse(""));
        Optional<Instant> created = time(row.label(TableColumn.CREATED_AT).orElse(""));
        String name = annotator.isPresent() ? annotator.get() : annotatorOf(row);
        batch.add(name, item, annotation.get(), updated.or(() -> created));
    }

    /** Whether the file names annotators is the same for all records, and no fault of one. */
    private void requireNamed(boolean named) {
        if (named == annotator.isPresent()) {
            throw new IllegalArgumentException(
                    named
                            ? "annotators must be given as ID=NAME for a file that names them, but one was given as NAME"
                            : "name of the annotator must be given for a file that names none, but was not");
        }
    }

    private String annotatorOf(TableRow row) throws BadInputException {
        try {
            Optional<JsonNode> json = row.json(TableColumn.ANNOTATOR.label());
            return json.isPresent()
                    ? tasks.annotator(TableColumn.ANNOTATOR.label(), json.get())
                    : tasks.annotator(row.label(TableColumn.ANNOTATOR).orElse(""));
        } catch (IllegalArgumentException e) {
            throw row.error(String.valueOf(e.getMessage()), TableColumn.ANNOTATOR);
        }
    }

    /**
     * Reads decisions by item; records without a label are left out.
     *
     * @param table not closed
     * @throws BadInputException if the file is malformed, an item or label is unknown, or an item is repeated
     * @throws IOException if it cannot be read
     */
    public static Map<AnnotationItem, Annotation> readDecisions(TableReader table, AnnotationItems items)
            throws IOException {
        Map<AnnotationItem, Annotation> decisions = new LinkedHashMap<>();
        table.check(List.of(TableColumn.HARMFUL, TableColumn.ACTION), List.of(TableColumn.ITEM, TableColumn.LLM));
        for (RawRow raw = table.next(); raw != null; raw = table.next()) {
            TableRow row = raw.parse();
            AnnotationItem item = item(row, items);
            Optional<Annotation> annotation = annotation(row);
            if (annotation.isPresent() && decisions.put(item, annotation.get()) != null) {
                throw row.error("response must have one decision, but " + item + " had two");
            }
        }
        return decisions;
    }

    private static AnnotationItem item(TableRow row, AnnotationItems items) throws BadInputException {
        if (row.has(TableColumn.ITEM)) {
            String key = row.label(TableColumn.ITEM).orElse("");
            return items.find(key)
                    .orElseThrow(() -> row.error(
                            "item must be the key of a response of the runs, but was " + LabelText.shown(key),
                            TableColumn.ITEM));
        }
        String id = row.visible(TableColumn.ID);
        String llm = row.visible(TableColumn.LLM);
        return items.find(llm, id)
                .or(() -> items.find(llm, LabelValues.plain(id)))
                .orElseThrow(() -> row.error(
                        "id and llm must be those of a response of the runs, but were unknown", TableColumn.ID));
    }

    private static Optional<Annotation> annotation(TableRow row) throws BadInputException {
        TableColumn column = TableColumn.HARMFUL;
        try {
            Optional<Boolean> harmful = LabelText.harmful(choice(row, column));
            column = TableColumn.ACTION;
            Optional<ResponseAction> action = LabelText.action(choice(row, column));
            String comment = row.text(TableColumn.COMMENT).orElse("");
            return harmful.isEmpty() && action.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Annotation(harmful, action, comment));
        } catch (IllegalArgumentException e) {
            throw row.error(String.valueOf(e.getMessage()), column);
        }
    }

    private static String choice(TableRow row, TableColumn column) throws BadInputException {
        Optional<JsonNode> json = row.json(column.label());
        return json.isPresent() && json.get().isContainerNode()
                ? LabelStudioTasks.choice(column.label(), json.get())
                : row.label(column).orElse("");
    }

    /** Returns a time as Label Studio writes it; empty if it is none. */
    static Optional<Instant> time(String text) {
        String iso = text.strip().replace(' ', 'T');
        try {
            return Optional.of(
                    iso.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})")
                            ? OffsetDateTime.parse(iso).toInstant()
                            : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
