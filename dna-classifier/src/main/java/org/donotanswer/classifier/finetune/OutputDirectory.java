package org.donotanswer.classifier.finetune;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.internal.TemporaryFile;

/**
 * A directory whose files are written one after the other, last the one without which nothing loads. If that is not reached,
 * closing deletes what was written. Not thread-safe.
 */
final class OutputDirectory implements Closeable {
    /** The subdirectory with the state of a training that has not ended. */
    static final String STATE_DIRECTORY = ".training";

    /** The last files, in any form of the output. */
    private static final Set<String> LAST_FILES = Set.of(ClassifierWriter.CONFIG, Adapter.CONFIG);

    /** The other files that are written. */
    private static final Set<String> EARLIER_FILES = Stream.of(
                    ClassifierWriter.TOKENIZER_FILES.stream(),
                    ClassifierWriter.NOTICES.stream(),
                    Stream.of(ClassifierWriter.CARD, ClassifierWriter.WEIGHTS, Adapter.WEIGHTS, Adapter.OWN_FILE))
            .flatMap(names -> names)
            .collect(Collectors.toUnmodifiableSet());

    private static final Pattern TEMPORARY = Pattern.compile("(.+)\\.[0-9]{1,18}\\.tmp");
    private static final int BUFFER_BYTES = 1 << 16;
    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build()
            .writerWithDefaultPrettyPrinter();

    private final Path directory;
    private final boolean created;
    private final List<Path> written = new ArrayList<>();
    private boolean complete;

    private OutputDirectory(Path directory, boolean created) {
        this.directory = directory;
        this.created = created;
    }

    /**
     * Creates the directory unless it exists, and deletes files that a killed process left in that of a training.
     *
     * @throws IOException if it has other files, or cannot be created
     */
    static OutputDirectory create(Path directory) throws IOException {
        for (Path leftover : leftovers(directory)) {
            Files.deleteIfExists(leftover);
        }
        boolean created = !Files.exists(directory);
        Files.createDirectories(directory);
        return new OutputDirectory(directory, created);
    }

    /**
     * Checks that a directory does not exist, is empty, or holds the state of a training and at most what was written by a
     * process that was killed before it could delete the state.
     *
     * @throws IOException if it holds other files, or is a file
     */
    static void requireFree(Path directory) throws IOException {
        leftovers(directory);
    }

    private static List<Path> leftovers(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException("directory must be new or empty, but was a file (" + directory + ")");
        }
        boolean training = Files.isDirectory(directory.resolve(STATE_DIRECTORY));
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.filter(file -> !name(file).equals(STATE_DIRECTORY))
                    .sorted()
                    .toList();
            Optional<Path> other =
                    files.stream().filter(file -> !(training && isOwn(file))).findFirst();
            if (other.isPresent()) {
                throw new IOException(
                        "directory must be new or empty, but held " + name(other.get()) + " (" + directory + ")");
            }
            // Those that are still temporary are deleted by whoever writes a file of that name. The last one goes
            // first.
            return Stream.of(LAST_FILES, EARLIER_FILES)
                    .flatMap(names -> files.stream().filter(file -> names.contains(name(file))))
                    .toList();
        }
    }

    private static boolean isOwn(Path file) {
        Matcher temporary = TEMPORARY.matcher(name(file));
        String name = temporary.matches() ? temporary.group(1) : name(file);
        return EARLIER_FILES.contains(name) || LAST_FILES.contains(name);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    void write(String name, String text) throws IOException {
        write(name, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void write(String name, ByteBuffer bytes) throws IOException {
        Path file = directory.resolve(name);
        try (TemporaryFile temporary = TemporaryFile.create(file)) {
            writeAll(bytes, temporary.channel());
            temporary.force();
            temporary.moveToNew();
        }
        written.add(file);
    }

    private static void writeAll(ByteBuffer bytes, FileChannel channel) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void write(String name, JsonNode json) throws IOException {
        write(name, JSON.writeValueAsString(json) + "\n");
    }

    /** Writes the last file. What was written before is on disk first, so that nobody finds it without the rest. */
    void writeLast(String name, JsonNode json) throws IOException {
        TemporaryFile.forceDirectory(directory);
        write(name, json);
        TemporaryFile.forceDirectory(directory);
        complete = true;
    }

    /** Copies those of the named files that a directory has. */
    void copy(Path source, List<String> names) throws IOException {
        for (String name : names) {
            if (Files.isRegularFile(source.resolve(name))) {
                copy(source.resolve(name), name);
            }
        }
    }

    private void copy(Path source, String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = Files.newInputStream(source);
                TemporaryFile temporary = TemporaryFile.create(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                writeAll(ByteBuffer.wrap(buffer, 0, n), temporary.channel());
            }
            temporary.force();
            temporary.moveToNew();
        }
        written.add(file);
    }

    void writeWeights(String name, Map<String, WeightSource> weights) throws IOException {
        Path file = directory.resolve(name);
        SafetensorsWriter.write(file, weights, Map.of("format", "pt"));
        written.add(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Deletes what was written, unless that was all. */
    @Override
    public void close() throws IOException {
        if (complete) {
            return;
        }
        for (Path file : written) {
            Files.deleteIfExists(file);
        }
        written.clear();
        if (created) {
            Files.deleteIfExists(directory);
        }
    }
}
