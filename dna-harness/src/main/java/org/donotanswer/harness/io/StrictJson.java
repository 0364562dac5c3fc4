package org.donotanswer.harness.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How JSON is read that others wrote: a member that comes twice, or text after the end, is an error. Thread-safe. */
public final class StrictJson {
    private StrictJson() {}

    /** Returns a mapper that reads strings as long as {@link LineReader} lets lines be. */
    public static JsonMapper mapper() {
        return builder().build();
    }

    /** Returns a builder of such a mapper, for those that want more of it. */
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
