package org.donotanswer.dataset;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.taxonomy.ResponseAction;

/** Reads the published files and joins their rows by id. */
final class DatasetLoader {
    private static final String QUESTION = "question";
    private static final String RESPONSE = "response";
    private static final String HARMFUL = "harmful";
    private static final String ACTION = "action";
    private static final String ACTION_REVIEW = "action_review";
    private static final List<String> RESPONSE_COLUMNS = List.of(RowIds.ID, QUESTION, RESPONSE);
    private static final List<String> REVIEW_COLUMNS = List.of(RowIds.ID, QUESTION, RESPONSE, HARMFUL, ACTION);
    private static final List<String> GPT4_COLUMNS = List.of(RowIds.ID, QUESTION, RESPONSE, ACTION);

    private final PublishedLayout files;
    private final Completeness completeness;
    private final Map<String, String> checksums = new LinkedHashMap<>();
    private final List<Notice> notices = new ArrayList<>();
    private final Map<Integer, Question> questions = new LinkedHashMap<>();
    private final Table<Llm, Integer, Response> responses = HashBasedTable.create();
    private final Table<Annotator, Response, Review> reviews = HashBasedTable.create();

    private DatasetLoader(PublishedLayout files, Completeness completeness) {
        this.files = files;
        this.completeness = completeness;
    }

    static DoNotAnswer load(Path path, Completeness completeness) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        try {
            return new DatasetLoader(PublishedLayout.find(path), completeness).read();
        } catch (CsvFormatException e) {
            throw new DatasetFormatException(e);
        }
    }

    private DoNotAnswer read() throws IOException {
        Optional<CombinedTable> combined = Optional.empty();
        if (files.instruction().isPresent()) {
            DatasetTable table = table(files.instruction().get());
            questions.putAll(QuestionRows.read(table));
            noteIgnoredColumns(table, QuestionRows.COLUMNS);
        }
        if (files.combined().isPresent()) {
            combined = Optional.of(readCombined(files.combined().get()));
        }
        for (Map.Entry<Llm, Path> file : files.responses().entrySet()) {
            readResponses(file.getKey(), file.getValue());
        }
        if (combined.isPresent()) {
            addResponses(combined.get());
        }
        for (Map.Entry<Annotator, SortedMap<Llm, Path>> byLlm : files.reviews().entrySet()) {
            for (Map.Entry<Llm, Path> file : byLlm.getValue().entrySet()) {
                readReviews(byLlm.getKey(), file.getKey(), file.getValue());
            }
        }
        if (combined.isPresent()) {
            addHumanReviews(combined.get());
        }
        for (Path file : files.ignored()) {
            note(Notice.Event.FILE_IGNORED, file, 0, "file was not read, because its name is not part of the layout");
        }
        return new DoNotAnswer(questions.values(), responses.values(), reviews.values(), checksums, notices);
    }

    private CombinedTable readCombined(Path file) throws IOException {
        DatasetTable table = table(file);
        CombinedTable combined = CombinedTable.of(table);
        Map<Integer, Question> read = QuestionRows.read(table);
        if (questions.isEmpty()) {
            questions.putAll(read);
        } else {
            QuestionRows.checkAgreement(table, questions);
        }
        noteIgnoredColumns(table, combined.columns());
        checkComplete(table, new RowIds(table, questions, (row, id) -> false));
        return combined;
    }

    private void readResponses(Llm llm, Path file) throws IOException {
        DatasetTable table = table(file, RESPONSE_COLUMNS, RESPONSE_COLUMNS);
        RowIds ids = ids(table, llm);
        for (CsvRow row : table.rows()) {
            addResponse(llm, ids.id(row), row, RESPONSE);
        }
    }

    private void addResponses(CombinedTable combined) throws CsvFormatException {
        for (Llm llm : combined.llms()) {
            for (CsvRow row : combined.table().rows()) {
                int id = row.integer(RowIds.ID, 0, Integer.MAX_VALUE);
                addResponse(llm, id, row, CombinedTable.responseColumn(llm));
            }
        }
    }

    private void readReviews(Annotator annotator, Llm llm, Path file) throws IOException {
        DatasetTable table = annotator == Annotator.GPT4
                ? table(file, GPT4_COLUMNS, List.of(RowIds.ID, QUESTION, RESPONSE, ACTION, ACTION_REVIEW))
                : table(file, REVIEW_COLUMNS, REVIEW_COLUMNS);
        RowIds ids = ids(table, llm);
        for (CsvRow row : table.rows()) {
            Response response = addResponse(llm, ids.id(row), row, RESPONSE);
            Review review = annotator == Annotator.GPT4
                    ? gpt4Review(table, row, response)
                    : review(annotator, row, response, HARMFUL, ACTION);
            reviews.put(annotator, response, review);
        }
    }

    private void addHumanReviews(CombinedTable combined) throws CsvFormatException {
        for (Llm llm : combined.reviewedLlms()) {
            for (CsvRow row : combined.table().rows()) {
                Response response = responses.get(llm, row.integer(RowIds.ID, 0, Integer.MAX_VALUE));
                String action = CombinedTable.actionColumn(llm);
                Review review = review(Annotator.HUMAN, row, response, CombinedTable.harmfulColumn(llm), action);
                Review other = reviews.put(Annotator.HUMAN, response, review);
                if (other != null && !other.equals(review)) {
                    boolean sameAction = other.action().equals(review.action());
                    throw row.error(
                            "label must be the one in the human reviews, but was a different one",
                            sameAction ? CombinedTable.harmfulColumn(llm) : action);
                }
            }
        }
    }

    private static Review review(
            Annotator annotator, CsvRow row, Response response, String harmfulColumn, String actionColumn)
            throws CsvFormatException {
        boolean harmful = row.integer(harmfulColumn, 0, 1) == 1;
        int code = row.integer(actionColumn, 0, ResponseAction.values().length - 1);
        return new Review(
                response,
                annotator,
                Optional.of(harmful),
                Optional.of(ResponseAction.fromCode(code)),
                code,
                Optional.empty());
    }

    private static Review gpt4Review(DatasetTable table, CsvRow row, Response response) throws CsvFormatException {
        int code = row.integer(ACTION, Review.UNPARSED, Review.GPT4_FOLLOW);
        Optional<String> text =
                table.header().has(ACTION_REVIEW) ? Optional.of(row.text(ACTION_REVIEW)) : Optional.empty();
        return Review.ofGpt4(response, code, text);
    }

    /** Returns the response in the row, which must equal a response that is already known. */
    private Response addResponse(Llm llm, int id, CsvRow row, String column) throws CsvFormatException {
        String text = row.text(column);
        Response known = responses.get(llm, id);
        if (known == null) {
            known = new Response(questions.get(id), llm, text);
            responses.put(llm, id, known);
        } else if (!sameText(known.text(), text)) {
            throw row.error(
                    "response to question " + id
                            + " must be the same in every file, but differed from the previous files",
                    column);
        }
        return known;
    }

    private RowIds ids(DatasetTable table, Llm llm) throws CsvFormatException {
        RowIds ids = new RowIds(table, questions, (row, id) -> {
            Response response = responses.get(llm, id);
            return response != null && sameText(response.text(), row.text(RESPONSE));
        });
        for (CsvRow row : table.rows()) {
            if (!sameText(questions.get(ids.id(row)).text(), row.text(QUESTION))) {
                throw row.error(
                        "question must be that of id " + ids.id(row)
                                + " in the question file, but was a different text",
                        QUESTION);
            }
        }
        ids.reassigned()
                .forEach((row, id) -> note(
                        Notice.Event.ID_REASSIGNED,
                        table.file(),
                        row.line(),
                        "id " + id + " occurred twice and was read as " + ids.id(row)
                                + ", the same question with this response"));
        checkComplete(table, ids);
        return ids;
    }

    private void checkComplete(DatasetTable table, RowIds ids) throws CsvFormatException {
        if (ids.missing() == 0) {
            return;
        }
        if (completeness == Completeness.COMPLETE) {
            throw ids.missingError();
        }
        note(
                Notice.Event.ROWS_MISSING,
                table.file(),
                0,
                "rows are missing for " + ids.missing() + " of " + questions.size() + " questions");
    }

    /** Whether two texts differ by white space at most, which spreadsheets and line end conversions change. */
    private static boolean sameText(String a, String b) {
        return a.equals(b) || Question.normalized(a).equals(Question.normalized(b));
    }

    private DatasetTable table(Path file, List<String> required, List<String> known) throws IOException {
        DatasetTable table = table(file);
        table.header().require(required);
        noteIgnoredColumns(table, known);
        return table;
    }

    private DatasetTable table(Path file) throws IOException {
        DatasetTable table = DatasetTable.read(file);
        checksums.put(files.relative(file), table.sha256());
        return table;
    }

    private void noteIgnoredColumns(DatasetTable table, List<String> known) {
        Set<String> extra = new LinkedHashSet<>(table.header().columns());
        extra.removeAll(known);
        for (String column : extra) {
            note(
                    Notice.Event.COLUMN_IGNORED,
                    table.file(),
                    1,
                    "column " + DatasetFormatException.clip(column) + " was not read");
        }
    }

    private void note(Notice.Event event, Path file, long line, String detail) {
        notices.add(new Notice(event, files.relative(file), line, detail));
    }
}
