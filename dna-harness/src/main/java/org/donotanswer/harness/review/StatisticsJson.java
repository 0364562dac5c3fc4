package org.donotanswer.harness.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.harness.review.EvaluatorStatistics.Cost;
import org.donotanswer.harness.review.EvaluatorStatistics.ResourceUsage;

/** The JSON of review statistics. Stateless, hence thread-safe. */
final class StatisticsJson {
    private static final int FORMAT_VERSION = 1;
    private static final JsonMapper MAPPER = new JsonMapper();

    private StatisticsJson() {}

    static String text(ReviewStatistics statistics) throws JsonProcessingException {
        ObjectNode json = MAPPER.createObjectNode()
                .put("formatVersion", FORMAT_VERSION)
                .put("reviewed", statistics.reviewed())
                .put("batchesBegun", statistics.begun())
                .put("batchesEnded", statistics.ended());
        ArrayNode stages = json.putArray("stages");
        statistics.stages().forEach(stage -> put(stage, stages.addObject()));
        return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json) + "\n";
    }

    private static void put(EvaluatorStatistics stage, ObjectNode json) {
        ResourceUsage usage = stage.usage();
        json.put("evaluator", stage.evaluator())
                .put("arrived", stage.arrived())
                .put("decided", stage.decided())
                .put("passedOn", stage.passedOn())
                .put("unscored", stage.unscored())
                .put("nanos", stage.nanos())
                .put("requests", usage.requests())
                .put("cacheHits", usage.cacheHits())
                .put("inputTokens", usage.tokens().input())
                .put("outputTokens", usage.tokens().output());
        usage.cost().ifPresent(cost -> json.put("cost", cost.amount()).put("currency", cost.currency()));
    }

    static ReviewStatistics read(Path file) throws IOException {
        JsonRecord json = JsonRecord.read(file);
        json.requireFormatVersion(FORMAT_VERSION);
        return json.as(record -> statistics(record.node()));
    }

    private static ReviewStatistics statistics(JsonNode json) {
        List<EvaluatorStatistics> stages = new ArrayList<>();
        json.path("stages").forEach(stage -> stages.add(stage(stage)));
        return new ReviewStatistics(
                count(json, "reviewed"),
                json.path("batchesBegun").asLong(0),
                json.path("batchesEnded").asLong(0),
                stages);
    }

    private static EvaluatorStatistics stage(JsonNode json) {
        Optional<Cost> cost = json.has("cost")
                ? Optional.of(new Cost(
                        json.path("cost").asDouble(Double.NaN),
                        json.path("currency").asText()))
                : Optional.empty();
        return new EvaluatorStatistics(
                json.path("evaluator").asText(),
                count(json, "arrived"),
                count(json, "decided"),
                count(json, "passedOn"),
                count(json, "unscored"),
                count(json, "nanos"),
                new ResourceUsage(
                        count(json, "requests"),
                        count(json, "cacheHits"),
                        new TokenUsage(count(json, "inputTokens"), count(json, "outputTokens")),
                        cost));
    }

    /** Returns a count; a missing one becomes negative, which the statistics refuse. */
    private static long count(JsonNode json, String name) {
        return json.path(name).asLong(-1);
    }
}
