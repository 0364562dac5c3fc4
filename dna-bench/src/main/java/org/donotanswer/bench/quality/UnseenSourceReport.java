package org.donotanswer.bench.quality;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.crossvalidation.CrossValidationJson;
import org.donotanswer.bench.quality.LeftOutSources.LeftOutFold;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;

/**
 * How well sources were judged by models of one kind that were trained without them. Immutable, hence thread-safe.
 *
 * @param model the name of the kind
 * @param leftOut the figures
 * @param provenance of the figures
 */
public record UnseenSourceReport(String model, LeftOutFigures leftOut, Provenance provenance) {
    /** The name of the protocol in options, reports and folds. */
    public static final String PROTOCOL = "unseen-source";

    private static final JsonMapper MAPPER = new JsonMapper();

    /** Returns all figures as indented JSON. A figure that is not defined is null. */
    public String toJson() {
        return CrossValidationJson.JSON.write(this);
    }

    /** Returns the figures as tables. */
    public Report toReport() {
        return new Report(
                "Sources left out, judged by " + model,
                "",
                List.of(new LeftOutSection(leftOut).toSection()),
                provenance);
    }

    /**
     * Writes a line of JSON for each example that was tested, without its texts.
     *
     * @throws IOException if the stream cannot be written
     */
    public void writePredictions(OutputStream out) throws IOException {
        for (LeftOutFold fold : leftOut.folds()) {
            for (Prediction prediction : fold.predictions()) {
                String line = MAPPER.writeValueAsString(json(fold, prediction)) + "\n";
                out.write(line.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static Map<String, Object> json(LeftOutFold fold, Prediction prediction) {
        LabelledExample example = prediction.example();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("protocol", PROTOCOL);
        json.put("fold", fold.sources());
        json.put("source", example.source());
        json.put("id", example.id());
        example.harmful().ifPresent(value -> json.put("goldHarmful", value));
        example.refusal().ifPresent(value -> json.put("goldRefusal", value));
        example.action().ifPresent(value -> json.put("goldAction", value.name()));
        example.instructionRisky().ifPresent(value -> json.put("goldInstructionRisky", value));
        example.harmType().ifPresent(value -> json.put("goldHarmType", value.name()));
        json.putAll(prediction.assessment().toJson());
        return json;
    }
}
