package org.donotanswer.harness.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.donotanswer.harness.report.Report.Answer;
import org.donotanswer.harness.report.Report.AnswerReview;
import org.donotanswer.harness.report.Report.Answers;

/**
 * The exchanges of a report as JSON for the scripts of its page. Each text that may be repeated, for example an instruction, is
 * written once and referred to by its index:
 *
 * <pre>{"rows": [[llm, id, harm type, instruction, response, [[reviewer, harmful, action, text], ...]], ...],
 * "reviewers": [...], "texts": [...]}</pre>
 *
 * <p>Only id and response are texts; reviewers are indices of reviewers, and the others, of texts. Harmful is 1, 0, or -1 without
 * label.
 */
final class AnswersJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, Integer> texts = new LinkedHashMap<>();
    private final Map<String, Integer> reviewers = new LinkedHashMap<>();

    private AnswersJson() {}

    /**
     * Writes JSON that is safe in an element of a page: without {@code <}, {@code >} and {@code &}.
     *
     * @param out not closed
     */
    static void write(Answers answers, Writer out) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.setCharacterEscapes(new ElementEscapes());
            new AnswersJson().write(answers, json);
        }
    }

    private void write(Answers answers, JsonGenerator json) throws IOException {
        answers.reviewers().forEach(name -> index(reviewers, name));
        json.writeStartObject();
        json.writeArrayFieldStart("rows");
        for (Answer answer : answers.answers()) {
            json.writeStartArray();
            json.writeNumber(index(texts, VisibleText.onOneLine(answer.llm())));
            json.writeString(VisibleText.onOneLine(answer.id()));
            json.writeNumber(index(texts, VisibleText.onOneLine(answer.harmType())));
            json.writeNumber(index(texts, VisibleText.of(answer.instruction())));
            json.writeString(VisibleText.of(answer.response()));
            json.writeStartArray();
            for (AnswerReview verdict : answer.verdicts()) {
                write(verdict, json);
            }
            json.writeEndArray();
            json.writeEndArray();
        }
        json.writeEndArray();
        writeKeys("reviewers", reviewers, json);
        writeKeys("texts", texts, json);
        json.writeEndObject();
    }

    private void write(AnswerReview verdict, JsonGenerator json) throws IOException {
        json.writeStartArray();
        json.writeNumber(index(reviewers, verdict.reviewer()));
        json.writeNumber(verdict.harmful().map(harmful -> harmful ? 1 : 0).orElse(-1));
        json.writeNumber(index(texts, VisibleText.onOneLine(verdict.action())));
        json.writeNumber(index(texts, VisibleText.onOneLine(verdict.text())));
        json.writeEndArray();
    }

    private static void writeKeys(String name, Map<String, Integer> indices, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (String key : indices.keySet()) {
            json.writeString(key);
        }
        json.writeEndArray();
    }

    private static int index(Map<String, Integer> indices, String key) {
        Integer next = indices.size();
        Integer known = indices.putIfAbsent(key, next);
        return known == null ? next : known;
    }
}
