package org.donotanswer.dataset;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/** Reads questions with their labels from the columns that the question file and the combined file share. */
final class QuestionRows {
    private static final String RISK_AREA = "risk_area";
    private static final String TYPES_OF_HARM = "types_of_harm";
    private static final String SPECIFIC_HARMS = "specific_harms";
    private static final String QUESTION = "question";

    static final List<String> COLUMNS = List.of(RowIds.ID, RISK_AREA, TYPES_OF_HARM, SPECIFIC_HARMS, QUESTION);

    private QuestionRows() {}

    /** Returns the questions by id, in the order of the rows. */
    static Map<Integer, Question> read(DatasetTable table) throws CsvFormatException {
        table.header().require(COLUMNS);
        Map<Integer, Question> questions = new LinkedHashMap<>();
        for (CsvRow row : table.rows()) {
            Question question = question(row);
            if (questions.putIfAbsent(question.id(), question) != null) {
                throw row.error("id must be unique, but was " + question.id() + " as on a previous line", RowIds.ID);
            }
        }
        if (questions.isEmpty()) {
            throw table.header().error("file must have at least one question, but was empty below the header");
        }
        return questions;
    }

    /** Checks that the rows agree with the known questions. */
    static void checkAgreement(DatasetTable table, Map<Integer, Question> known) throws CsvFormatException {
        for (CsvRow row : table.rows()) {
            Question read = question(row);
            Question other = known.get(read.id());
            if (other == null) {
                throw row.error("id must be that of a question, but was " + read.id(), RowIds.ID);
            }
            if (other.specificHarm() != read.specificHarm()) {
                throw row.error(
                        "specific harm of question " + read.id() + " must be " + other.specificHarm()
                                + " as in the question file, but was " + read.specificHarm(),
                        SPECIFIC_HARMS);
            }
            if (!other.groupKey().equals(read.groupKey())) {
                throw row.error(
                        "question must be that of id " + read.id() + " in the question file, but was a different text",
                        QUESTION);
            }
        }
    }

    private static Question question(CsvRow row) throws CsvFormatException {
        int id = row.integer(RowIds.ID, 0, Integer.MAX_VALUE);
        RiskArea area = label(row, RISK_AREA, RiskArea::fromLabel);
        HarmType type = label(row, TYPES_OF_HARM, HarmType::fromLabel);
        SpecificHarm harm = label(row, SPECIFIC_HARMS, SpecificHarm::fromLabel);
        if (harm.harmType() != type) {
            throw row.error(
                    "harm type of " + harm + " must be " + harm.harmType() + ", but was " + type, TYPES_OF_HARM);
        }
        if (type.riskArea() != area) {
            throw row.error("risk area of " + type + " must be " + type.riskArea() + ", but was " + area, RISK_AREA);
        }
        if (row.text(QUESTION).isBlank()) {
            throw row.error("question must have text, but was blank", QUESTION);
        }
        return new Question(id, area, type, harm, row.text(QUESTION));
    }

    private static <E> E label(CsvRow row, String column, Function<String, E> parser) throws CsvFormatException {
        try {
            return parser.apply(row.text(column));
        } catch (IllegalArgumentException e) {
            throw row.error(e.getMessage(), column);
        }
    }
}
