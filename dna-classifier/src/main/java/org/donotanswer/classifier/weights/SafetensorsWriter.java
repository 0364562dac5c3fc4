package org.donotanswer.classifier.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.donotanswer.internal.TemporaryFile;

/** Writes safetensors files. Stateless, hence thread-safe. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final int CHUNK = 1 << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsWriter() {}

    /**
     * Writes a file. It is written under a temporary name in the same directory and then renamed, so that nobody sees
     * an incomplete file and an existing file is kept if this fails. The elements of only one tensor are held at a
     * time. Tensors are written in the order of the map, but those with 4 bytes per element before those with 2, and
     * these before those with 1, so that each starts at a multiple of its element size.
     *
     * @param metadata entries for the file's header, for example {@code format} with value {@code pt}
     * @throws IllegalArgumentException if a tensor is named {@code __metadata__}, the number of its elements does not
     *     match its shape, or an element is not one of its type
     * @throws IOException if the file cannot be written, or a source fails to supply its elements
     */
    public static void write(Path file, Map<String, WeightSource> tensors, Map<String, String> metadata)
            throws IOException {
        List<Map.Entry<String, WeightSource>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.comparingInt(tensor -> -tensor.getValue().type().bytes()));
        byte[] header = header(ordered, metadata);
        try (TemporaryFile temporary = TemporaryFile.create(file)) {
            FileChannel channel = temporary.channel();
            writeAll(
                    channel,
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(header.length)
                            .flip(),
                    file);
            writeAll(channel, ByteBuffer.wrap(header), file);
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (Map.Entry<String, WeightSource> tensor : ordered) {
                write(tensor.getKey(), tensor.getValue(), chunk, channel, file);
            }
            temporary.replace();
        }
    }

    private static byte[] header(List<Map.Entry<String, WeightSource>> tensors, Map<String, String> metadata)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsReader.METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long begin = 0;
            for (Map.Entry<String, WeightSource> tensor : tensors) {
                if (tensor.getKey().equals(SafetensorsReader.METADATA)) {
                    throw new IllegalArgumentException(
                            "tensor name must differ from the key of the metadata, but was " + tensor.getKey());
                }
                WeightSource source = tensor.getValue();
                long end =
                        begin + Shapes.elements(source.shape()) * source.type().bytes();
                json.writeObjectFieldStart(tensor.getKey());
                json.writeStringField("dtype", source.type().safetensorsName());
                writeNumbers("shape", source.shape(), json);
                writeNumbers("data_offsets", List.of(begin, end), json);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private static void writeNumbers(String field, List<Long> numbers, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(field);
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    private static void write(String name, WeightSource source, ByteBuffer chunk, FileChannel channel, Path file)
            throws IOException {
        float[] values = source.values().get();
        long elements = Shapes.elements(source.shape());
        if (values.length != elements) {
            throw new IllegalArgumentException("number of elements of " + FileErrors.printable(name) + " must be "
                    + elements + ", but was " + values.length);
        }
        chunk.clear();
        for (float value : values) {
            switch (source.type()) {
                case FLOAT16 -> chunk.putShort(HalfPrecision.toFloat16(value));
                case BFLOAT16 -> chunk.putShort(HalfPrecision.toBfloat16(value));
                case INT8 -> chunk.put(toInt8(name, value));
                default -> chunk.putFloat(value);
            }
            if (!chunk.hasRemaining()) {
                writeAll(channel, chunk.flip(), file);
                chunk.clear();
            }
        }
        writeAll(channel, chunk.flip(), file);
    }

    private static byte toInt8(String name, float value) {
        byte rounded = (byte) value;
        if (rounded != value) {
            throw new IllegalArgumentException("elements of " + FileErrors.printable(name)
                    + " must be integers from -128 to 127, but was " + value);
        }
        return rounded;
    }

    /** Writes bytes. The platform's errors, such as a full disk, do not name the file. */
    private static void writeAll(FileChannel channel, ByteBuffer bytes, Path file) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (ClosedChannelException e) {
            throw e; // Its type says whether the thread was interrupted.
        } catch (IOException e) {
            throw new IOException(e.getMessage() + " (" + file + ")", e);
        }
    }
}
