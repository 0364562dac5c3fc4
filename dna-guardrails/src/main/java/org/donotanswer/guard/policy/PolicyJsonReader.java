package org.donotanswer.guard.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Reads policies in JSON. A separate class because Jackson may be missing. Thread-safe. */
final class PolicyJsonReader {
    // NaN is accepted so that the message can say that it is not in [0, 1].
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private PolicyJsonReader() {}

    static SafetyPolicy parse(String json, String source) throws IOException {
        try (JsonParser parser = MAPPER.createParser(json)) {
            PolicyDocumentReader document = new PolicyDocumentReader(parser, () -> false, source, PolicyText.SUBJECT);
            try {
                return new PolicyReader(document).read();
            } catch (JsonProcessingException e) {
                throw document.malformed("JSON", e);
            }
        }
    }
}
