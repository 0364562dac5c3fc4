package org.donotanswer.bench.evaluation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ResponseText;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.FileCompression;

/**
 * All that is done with a chunk of items between reading and writing: parsing, evaluating, formatting and compressing. Of a
 * response with thinking, the answer is evaluated. Thread-safe.
 *
 * @param files the names of the files, for items that say which they are from; empty if they do not say
 * @param start where an earlier run ended: items before are not evaluated again
 */
public record ChunkEvaluation(
        SafetyEvaluator evaluator,
        AssessmentFormat format,
        FileCompression compression,
        List<String> files,
        Position start) {
    /**
     * A position in the input. Immutable, hence thread-safe.
     *
     * @param file the index of a file
     * @param rows the number of its items before the position
     */
    public record Position(int file, long rows) {
        public static final Position BEGINNING = new Position(0, 0);
    }

    /** An item that is to be evaluated, and the length of its thinking. */
    private record Answer(Exchange exchange, int thinkingChars) {
        static Optional<Answer> of(InputItem item) {
            if (!(item instanceof InputItem.Valid valid)) {
                return Optional.empty();
            }
            ResponseText response = ResponseText.of(valid.exchange().response());
            return Optional.of(new Answer(
                    Exchange.of(valid.exchange().instruction(), response.answer()),
                    response.thinking().map(String::length).orElse(0)));
        }
    }

    /** Returns the result of a chunk, which is not empty and of one file. */
    EvaluatedChunk evaluate(List<ExchangeSource.RawItem> chunk) {
        int file = chunk.get(0).file();
        List<String> ids = new ArrayList<>(chunk.size());
        List<InputItem> items = new ArrayList<>(chunk.size());
        int oldIds = 0;
        for (ExchangeSource.RawItem raw : chunk) {
            InputItem item = raw.parse();
            if (item instanceof InputItem.Valid) {
                ids.add(item.id());
            }
            if (file == start.file() && raw.row() <= start.rows() && raw.row() > 0) {
                oldIds = ids.size();
            } else {
                items.add(item);
            }
        }
        EvaluationCounts counts = new EvaluationCounts();
        byte[] bytes = items.isEmpty()
                ? new byte[0]
                : compression.compress(format(items, file, counts).getBytes(StandardCharsets.UTF_8));
        return new EvaluatedChunk(file, chunk.size(), bytes, ids, oldIds, counts);
    }

    private String format(List<InputItem> items, int file, EvaluationCounts counts) {
        List<Optional<Answer>> answers = items.stream().map(Answer::of).toList();
        Iterator<Assessment> assessments = evaluator
                .evaluateAll(answers.stream()
                        .flatMap(Optional::stream)
                        .map(Answer::exchange)
                        .toList())
                .iterator();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            InputItem item = items.get(i);
            if (item instanceof InputItem.Invalid broken) {
                counts.addBroken(broken.assessment());
                text.append(format.format(item.id(), broken.assessment(), further(file, 0)));
            } else if (item instanceof InputItem.Valid valid) {
                int thinkingChars = answers.get(i).map(Answer::thinkingChars).orElse(0);
                Assessment assessment = assessments.next();
                counts.add(assessment, thinkingChars > 0, valid.partial());
                text.append(format.format(item.id(), assessment, further(file, thinkingChars)));
            }
        }
        return text.toString();
    }

    private Map<String, Object> further(int file, int thinkingChars) {
        Map<String, Object> further = new LinkedHashMap<>();
        if (thinkingChars > 0) {
            further.put("thinkingChars", thinkingChars);
        }
        if (!files.isEmpty()) {
            further.put("file", files.get(file));
        }
        return further;
    }
}
