package org.donotanswer.harness.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Writes records of figures as JSON. A number that is not defined is null, or left out where only what is not empty is included.
 * Immutable, hence thread-safe.
 */
public final class FigureJson {
    private final JsonMapper mapper;

    private FigureJson(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** Returns a writer that writes records as they are. */
    public static FigureJson create() {
        return with(Map.of());
    }

    /** Returns a writer that writes each of the given types as the annotations of its mix-in say. */
    public static FigureJson with(Map<Class<?>, Class<?>> mixIns) {
        JsonMapper.Builder builder = JsonMapper.builder()
                .addModule(new SimpleModule()
                        .addSerializer(Double.class, new NumberOrNull())
                        .addSerializer(double.class, new NumberOrNull())
                        .addSerializer(new ValueOrNull()));
        mixIns.forEach(builder::addMixIn);
        return new FigureJson(builder.build());
    }

    /** Returns the record as indented JSON that ends with a line feed. */
    public String write(Object figures) {
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("figures must be writable as JSON", e);
        }
    }

    private static final class NumberOrNull extends StdSerializer<Double> {
        private static final long serialVersionUID = 1L;

        NumberOrNull() {
            super(Double.class);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Double value) {
            return !Double.isFinite(value);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (value.isNaN()) {
                json.writeNull();
            } else if (value.isInfinite()) {
                // JSON has no infinity either.
                json.writeString(value.toString());
            } else {
                json.writeNumber(value);
            }
        }
    }

    private static final class ValueOrNull extends StdSerializer<Optional<?>> {
        private static final long serialVersionUID = 1L;

        ValueOrNull() {
            super(Optional.class, false);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Optional<?> value) {
            return value.isEmpty();
        }

        @Override
        public void serialize(Optional<?> value, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.orElse(null), json);
        }
    }
}
