package org.donotanswer.bench.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.donotanswer.evaluate.Assessment;

/**
 * Formats assessments as JSON lines: the id, then the members of {@link Assessment#toJson()}, then what else is known.
 * Immutable, hence thread-safe.
 */
public final class JsonLinesFormat implements AssessmentFormat {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    @Override
    public String format(String id, Assessment assessment) {
        return format(id, assessment, Map.of());
    }

    @Override
    public String format(String id, Assessment assessment, Map<String, Object> further) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.putAll(assessment.toJson());
        json.putAll(further);
        try {
            return MAPPER.writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("assessment must have a JSON form, but had none", e);
        }
    }
}
