package org.donotanswer.bench.crossvalidation;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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

/** Writes the models' assessments of every exchange as JSON lines, without any text. Stateless, hence thread-safe. */
public final class PredictionsWriter {
    private static final JsonMapper MAPPER = new JsonMapper();

    private PredictionsWriter() {}

    /**
     * Writes a line for each exchange that was tested.
     *
     * @throws IOException if the stream cannot be written
     */
    public static void write(List<FoldResult> results, DoNotAnswer data, OutputStream out) throws IOException {
        for (FoldResult result : results) {
            for (AssessedResponse assessed : result.responses()) {
                write(ResponsePrediction.of(result.task(), assessed, data), out);
            }
            for (AssessedBenign assessed : result.benign()) {
                write(BenignPrediction.of(result.task(), assessed), out);
            }
        }
    }

    private static void write(Object prediction, OutputStream out) throws IOException {
        out.write((MAPPER.writeValueAsString(prediction) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private record ResponsePrediction(
            String protocol,
            String fold,
            String llm,
            int questionId,
            boolean goldHarmful,
            String goldAction,
            String goldHarmType,
            @JsonAnyGetter Map<String, Object> assessment) {
        static ResponsePrediction of(FoldTask task, AssessedResponse assessed, DoNotAnswer data) {
            Review gold = data.review(Annotator.HUMAN, assessed.response()).orElseThrow();
            return new ResponsePrediction(
                    task.protocol().id(),
                    task.name(),
                    assessed.response().llm().name(),
                    assessed.response().question().id(),
                    gold.harmful().orElseThrow(),
                    gold.action().orElseThrow().name(),
                    assessed.response().question().harmType().name(),
                    assessed.assessment().toJson());
        }
    }

    private record BenignPrediction(
            String protocol,
            String fold,
            String benign,
            int index,
            String llm,
            boolean llmUnseen,
            boolean instructionUnseen,
            @JsonAnyGetter Map<String, Object> assessment) {
        static BenignPrediction of(FoldTask task, AssessedBenign assessed) {
            FoldTask.BenignItem item = assessed.item();
            BenignExchange exchange = item.exchange();
            return new BenignPrediction(
                    task.protocol().id(),
                    task.name(),
                    item.set().name().toLowerCase(Locale.ROOT),
                    item.index(),
                    exchange.llm().map(Llm::name).orElse(exchange.author()),
                    item.llmUnseen(),
                    item.instructionUnseen(),
                    assessed.assessment().toJson());
        }
    }
}
