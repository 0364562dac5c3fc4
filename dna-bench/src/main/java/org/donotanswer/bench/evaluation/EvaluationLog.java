package org.donotanswer.bench.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.OutputException;
import org.jspecify.annotations.Nullable;

/**
 * The states of an evaluation of files, in a file beside the output: a line with the fingerprint, then one for each state, of
 * which the last complete one counts. So a state takes as long to write whatever the number of inputs. Not thread-safe.
 */
final class EvaluationLog implements Closeable {
    /** The end of the name of the file. */
    static final String EXTENSION = ".state";

    private static final int VERSION = 2;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path file;
    private final FileChannel channel;
    private int begun;

    /** The first line. */
    private record Header(int version, EvaluationFingerprint fingerprint) {}

    /**
     * Any other line.
     *
     * @param begun the stamps of the inputs that were begun since the line before
     */
    private record Entry(List<String> begun, EvaluationState state) {}

    /**
     * What is in a log. As thread-safe as its state.
     *
     * @param begun the stamps of all inputs that were begun, in their order
     * @param state the last state; empty if there is none
     * @param length the length of the file up to the last complete line
     */
    record Contents(
            EvaluationFingerprint fingerprint, List<String> begun, Optional<EvaluationState> state, long length) {}

    private EvaluationLog(Path file, FileChannel channel, int begun) {
        this.file = file;
        this.channel = channel;
        this.begun = begun;
    }

    /** Writes a log without states durably, in place of another one. */
    static EvaluationLog create(Path file, EvaluationFingerprint fingerprint) throws IOException {
        byte[] line = line(new Header(VERSION, fingerprint));
        try (Output output = Output.replacing(file)) {
            output.stream().write(line);
            output.commitToDisk();
        }
        return open(file, line.length, 0);
    }

    /** Opens a log to go on after its contents; what is behind them is cut off. */
    static EvaluationLog open(Path file, Contents contents) throws IOException {
        return open(file, contents.length(), contents.begun().size());
    }

    private static EvaluationLog open(Path file, long length, int begun) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        try {
            channel.truncate(length);
            channel.position(length);
            return new EvaluationLog(file, channel, begun);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static byte[] line(Object value) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(MAPPER.writeValueAsBytes(value));
        line.write('\n');
        return line.toByteArray();
    }

    /**
     * Reads a log.
     *
     * @throws IOException if it cannot be read, or is none of this version
     */
    static Contents read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Header header = null;
        List<String> begun = new ArrayList<>();
        EvaluationState state = null;
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            if (header == null) {
                header = parse(bytes, start, i, Header.class, file);
                require(header.version == VERSION && header.fingerprint != null, file);
            } else {
                Entry entry = parse(bytes, start, i, Entry.class, file);
                require(entry.begun != null && entry.state != null, file);
                begun.addAll(entry.begun);
                state = entry.state;
                require(state.isPossible(header.fingerprint.outputs().size()), file);
                require(begun.size() <= header.fingerprint.inputs().size(), file);
            }
            start = i + 1;
        }
        if (header == null) {
            throw unusable(file, null);
        }
        return new Contents(header.fingerprint, begun, Optional.ofNullable(state), start);
    }

    private static <T> T parse(byte[] bytes, int start, int end, Class<T> type, Path file) throws IOException {
        try {
            T value = MAPPER.readValue(bytes, start, end - start, type);
            require(value != null, file);
            return value;
        } catch (JsonProcessingException | CharConversionException e) {
            // A line that a failing disk left full of zeros is taken for UTF-32.
            throw unusable(file, e);
        }
    }

    private static void require(boolean isUsable, Path file) throws IOException {
        if (!isUsable) {
            throw unusable(file, null);
        }
    }

    private static IOException unusable(Path file, @Nullable Exception cause) {
        return new IOException(
                "state must be one of this version, but was not (" + file + "); start again by --overwrite", cause);
    }

    /**
     * Writes a state durably.
     *
     * @param stamps those of all inputs that were begun
     */
    void append(List<String> stamps, EvaluationState state) throws IOException {
        ByteBuffer line = ByteBuffer.wrap(line(new Entry(stamps.subList(begun, stamps.size()), state)));
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new OutputException(file, e);
        }
        begun = stamps.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
