package org.donotanswer.classifier.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a safetensors file: the length of a header (u64, little-endian), the header in JSON, and the bytes of the tensors,
 * of which the header gives types, shapes and places. As in the
 * <a href="https://github.com/huggingface/safetensors">reference implementation</a>, each byte must belong to one tensor.
 */
final class SafetensorsReader {
    static final int LENGTH_BYTES = 8;
    static final String METADATA = "__metadata__";

    private static final int LONGEST_HEADER = 100_000_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path file;
    private final FileErrors errors;

    private SafetensorsReader(Path file) {
        this.file = file;
        this.errors = FileErrors.of(file);
    }

    static SortedMap<String, WeightTensor> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return new SafetensorsReader(file).read(new FileRegions(channel));
        }
    }

    private record Place(String name, TensorType type, List<Long> shape, long begin, long end) {}

    private SortedMap<String, WeightTensor> read(FileRegions regions) throws IOException {
        if (regions.size() < LENGTH_BYTES) {
            throw errors.wrong("file", "must be at least " + LENGTH_BYTES + " bytes long", regions.size());
        }
        long length =
                regions.slice(0, LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long most = Math.min(LONGEST_HEADER, regions.size() - LENGTH_BYTES);
        if (length < 0 || length > most) {
            throw errors.wrong("header", "must be at most " + most + " bytes long", Long.toUnsignedString(length));
        }
        byte[] header = new byte[(int) length];
        regions.slice(LENGTH_BYTES, length).get(header);
        if (header.length == 0 || header[0] != '{') {
            throw errors.wrong("header", "must begin with {", header.length == 0 ? "empty" : "byte " + header[0]);
        }
        List<Place> places = places(header);
        long data = LENGTH_BYTES + length;
        requireAllBytesUsed(places, regions.size() - data);
        SortedMap<String, WeightTensor> tensors = new TreeMap<>();
        for (Place place : places) {
            ByteBuffer bytes = regions.slice(data + place.begin(), place.end() - place.begin());
            tensors.put(place.name(), new WeightTensor(place.name(), place.type(), place.shape(), file, bytes));
        }
        return tensors;
    }

    private void requireAllBytesUsed(List<Place> places, long length) throws CheckpointException {
        places.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
        long end = 0;
        for (Place place : places) {
            if (place.begin() != end) {
                throw errors.wrong(
                        place.name(), "must begin where the tensor before it ends, at " + end, place.begin());
            }
            end = place.end();
            if (end > length) {
                throw errors.wrong(place.name(), "must end within the " + length + " bytes of the data", end);
            }
        }
        if (end != length) {
            throw errors.wrong("data", "must end with the last tensor, at " + end, length);
        }
    }

    private List<Place> places(byte[] header) throws CheckpointException {
        List<Place> places = new ArrayList<>();
        // the decoder of a charset reports what is not UTF-8, and the parser does not guess another one
        try (Reader text =
                        new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8.newDecoder());
                JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw errors.wrong(name, "must be a JSON object", parser.currentToken());
                }
                if (name.equals(METADATA)) {
                    checkMetadata(parser);
                } else {
                    places.add(place(name, parser));
                }
            }
            if (parser.nextToken() != null) {
                throw errors.wrong("header", "must end with its JSON object", "longer");
            }
        } catch (CheckpointException e) {
            throw e;
        } catch (CharacterCodingException e) {
            throw errors.wrong("header", "must be UTF-8", "malformed", e);
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
            throw errors.wrong("header", "must be a JSON object", "damaged at character " + at, e);
        } catch (IOException e) {
            throw errors.wrong("header", "must be a JSON object", "damaged", e);
        }
        return places;
    }

    private void checkMetadata(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw errors.wrong(METADATA, "must map texts to texts", parser.currentToken());
            }
        }
    }

    private Place place(String name, JsonParser parser) throws IOException {
        TensorType type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "dtype" -> type = type(name, parser);
                case "shape" -> shape = numbers(name, field, parser, Shapes.MOST_DIMENSIONS);
                case "data_offsets" -> offsets = numbers(name, field, parser, 2);
                default -> throw errors.wrong(name, "must have only dtype, shape and data_offsets", field);
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw errors.wrong(name, "must have dtype, shape and data_offsets", "without " + missing(type, shape));
        }
        int bytes = Shapes.bytes(name, type, shape, errors);
        if (offsets.size() != 2 || offsets.get(1) < offsets.get(0)) {
            throw errors.wrong(name, "must have data_offsets that are a begin and an end", offsets);
        }
        if (offsets.get(1) - offsets.get(0) != bytes) {
            throw errors.wrong(
                    name,
                    "must have data_offsets " + bytes + " bytes apart for " + type + " " + shape,
                    offsets.get(1) - offsets.get(0));
        }
        return new Place(name, type, shape, offsets.get(0), offsets.get(1));
    }

    private static String missing(@Nullable TensorType type, @Nullable List<Long> shape) {
        if (type == null) {
            return "dtype";
        }
        return shape == null ? "shape" : "data_offsets";
    }

    private TensorType type(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw errors.wrong(name, "must have a dtype that is a text", parser.currentToken());
        }
        String dtype = parser.getText();
        return TensorType.ofSafetensorsName(dtype)
                .orElseThrow(() -> errors.wrong(name, "must have a dtype of " + TensorType.NAMES, dtype));
    }

    private List<Long> numbers(String name, String field, JsonParser parser, int most) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw errors.wrong(name, "must have a " + field + " that is an array", parser.currentToken());
        }
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            boolean number = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (!number || parser.getLongValue() < 0) {
                Object found = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                                || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
                        ? parser.getText()
                        : String.valueOf(parser.currentToken());
                throw errors.wrong(name, "must have a " + field + " of whole numbers from 0 to 2^63 - 1", found);
            }
            if (numbers.size() == most) {
                throw errors.wrong(name, "must have a " + field + " of at most " + most + " numbers", "longer");
            }
            numbers.add(parser.getLongValue());
        }
        return numbers;
    }
}
