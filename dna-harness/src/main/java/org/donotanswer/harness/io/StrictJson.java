package org.donotanswer.harness.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Jackson mappers for JSON from outside: repeated members and trailing text are errors. Stateless, hence thread-safe. */
public final class StrictJson {
    private StrictJson() {}

    /** Returns a mapper that reads strings of up to {@link LineReader#MAX_BYTES} characters. */
    public static JsonMapper mapper() {
        return builder().build();
    }

    /** Returns a builder of such a mapper, for further settings. */
    public static JsonMapper.Builder builder() {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(LineReader.MAX_BYTES)
                        .build())
                .build();
        return JsonMapper.builder(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }
}
