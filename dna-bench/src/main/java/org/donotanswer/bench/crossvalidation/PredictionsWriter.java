package org.donotanswer.bench.crossvalidation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedBenign;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedResponse;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.BenignExchange;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.Review;

/** Writes what the models said of every exchange as JSON lines, without any text. */
public final class PredictionsWriter {
    private static final JsonMapper MAPPER = new JsonMapper();

    private PredictionsWriter() {}

    public static void write(List<FoldResult> results, DoNotAnswer data, OutputStream out) throws IOException {
        for (FoldResult result : results) {
            for (AssessedResponse judged : result.answers()) {
                write(answer(result.task(), judged, data), out);
            }
            for (AssessedBenign judged : result.benign()) {
                write(benign(result.task(), judged), out);
            }
        }
    }

    private static Map<String, Object> answer(FoldTask task, AssessedResponse judged, DoNotAnswer data) {
        Map<String, Object> json = start(task);
        json.put("llm", judged.answer().llm().name());
        json.put("questionId", judged.answer().question().id());
        Review gold = data.review(Annotator.HUMAN, judged.answer()).orElseThrow();
        json.put("goldHarmful", gold.harmful().orElseThrow());
        json.put("goldAction", gold.action().orElseThrow().name());
        json.put("goldHarmType", judged.answer().question().harmType().name());
        json.putAll(judged.assessment().toJson());
        return json;
    }

    private static Map<String, Object> benign(FoldTask task, AssessedBenign judged) {
        Map<String, Object> json = start(task);
        FoldTask.BenignItem benign = judged.benign();
        BenignExchange exchange = benign.exchange();
        json.put("benign", benign.set().name().toLowerCase(Locale.ROOT));
        json.put("index", benign.index());
        json.put("llm", exchange.llm().map(Llm::name).orElse(exchange.author()));
        json.put("llmUnseen", benign.llmUnseen());
        json.put("instructionUnseen", benign.instructionUnseen());
        json.putAll(judged.assessment().toJson());
        return json;
    }

    private static Map<String, Object> start(FoldTask task) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("protocol", task.protocol().id());
        json.put("fold", task.name());
        return json;
    }

    private static void write(Map<String, Object> json, OutputStream out) throws IOException {
        out.write((MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
