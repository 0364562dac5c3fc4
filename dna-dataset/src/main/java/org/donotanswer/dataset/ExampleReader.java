package org.donotanswer.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Reads labelled examples from files of JSON lines, and counts the injections, which are none. */
final class ExampleReader {
    private static final String PATTERN = "*.jsonl";
    /** How sources name an LLM that they do not know. */
    private static final String UNKNOWN = "unknown";

    private final List<LabelledExample> examples = new ArrayList<>();
    private final Map<String, String> checksums = new LinkedHashMap<>();
    private final Map<String, Integer> injections = new LinkedHashMap<>();
    private final Map<String, Position> positionByKey = new HashMap<>();

    private record Position(Path file, long line) {}

    /** Reads a file, or all files of JSON lines in a directory in the order of their names. */
    void read(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        int before = examples.size();
        boolean isDirectory = Files.isDirectory(path);
        for (Path file : isDirectory ? files(path) : List.of(path)) {
            readFile(file);
        }
        // Files of injections alone are part of data that has other files as well.
        if (examples.size() == before) {
            throw new DatasetFormatException(
                    (isDirectory ? "directory" : "file") + " must hold examples, but had injections only",
                    path,
                    0,
                    null);
        }
    }

    private static List<Path> files(Path path) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, PATTERN)) {
            found.forEach(files::add);
        }
        files.removeIf(Files::isDirectory);
        if (files.isEmpty()) {
            throw new DatasetFormatException("directory must hold *.jsonl files, but had none", path, 0, null);
        }
        files.sort(null);
        return files;
    }

    private void readFile(Path file) throws IOException {
        String name = name(file);
        int before = examples.size();
        String sha256 = JsonLines.forEach(file, line -> add(line, name));
        if (examples.size() > before) {
            checksums.put(name, sha256);
        } else if (!injections.containsKey(name)) {
            throw new DatasetFormatException("file must hold examples, but had none", file, 0, null);
        }
    }

    /** Returns the name with the directory's, which says where the file belongs and is the same on every machine. */
    private String name(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        String name = absolute.getNameCount() < 2
                ? absolute.toString()
                : absolute.getName(absolute.getNameCount() - 2) + "/" + absolute.getFileName();
        return checksums.containsKey(name) || injections.containsKey(name) ? absolute.toString() : name;
    }

    private void add(JsonLines.Line line, String file) throws DatasetFormatException {
        Texts texts;
        if (PlacedText.isIn(line)) {
            PlacedText text = PlacedText.of(line);
            if (text.isInjection()) {
                injections.merge(file, 1, Integer::sum);
                return;
            }
            texts = Texts.of(text);
        } else {
            texts = Texts.of(line);
        }
        LabelledExample example = example(line, texts, file);
        Position first = positionByKey.putIfAbsent(example.key(), new Position(line.file(), line.number()));
        if (first != null) {
            throw line.error(
                    "id must be unique in its source, but was " + DatasetFormatException.clip(example.id())
                            + " as on line " + first.line() + " of "
                            + first.file().getFileName(),
                    "id");
        }
        examples.add(example);
    }

    /** What the user and the LLM say, and whether it is risky or harmful. */
    private record Texts(
            String instruction, Optional<String> response, Optional<Boolean> risky, Optional<Boolean> harmful) {
        static Texts of(JsonLines.Line line) throws DatasetFormatException {
            Optional<String> response = Optional.empty();
            if (line.object().hasNonNull("response")) {
                response = Optional.of(line.nonBlank("response"));
            }
            return new Texts(
                    line.nonBlank("instruction"),
                    response,
                    line.optionalFlag("instruction_risky"),
                    line.optionalFlag("response_harmful"));
        }

        /** A model that judges responses may meet content in one, as it is or retold. */
        static Texts of(PlacedText harmless) {
            return harmless.isContent()
                    ? new Texts("", Optional.of(harmless.text()), Optional.empty(), Optional.of(false))
                    : new Texts(harmless.text(), Optional.empty(), Optional.of(false), Optional.empty());
        }
    }

    private static LabelledExample example(JsonLines.Line line, Texts texts, String file)
            throws DatasetFormatException {
        Optional<String> category = line.optionalText("category");
        String id = line.nonBlank("id");
        String source = line.nonBlank("source");
        Optional<String> licence =
                line.optionalText("licence").map(text -> CategoryLicences.licence(text, category.orElse("")));
        Optional<String> llm = line.optionalText("llm").filter(name -> !name.equals(UNKNOWN));
        Optional<Boolean> refusal = line.optionalFlag("refusal");
        Optional<ResponseAction> action = line.optionalConstant("action", ResponseAction::fromLabel);
        Optional<HarmType> harmType = line.optionalConstant("harm_type", HarmType::fromLabel);
        Optional<String> labelledBy = line.optionalText("label_by");
        Optional<String> group = line.optionalText("group");
        Optional<String> domain = line.optionalText("domain");
        Optional<String> form = line.optionalText("form");
        try {
            return new LabelledExample(
                    id,
                    source,
                    licence,
                    llm,
                    texts.instruction(),
                    texts.response(),
                    texts.risky(),
                    texts.harmful(),
                    refusal,
                    action,
                    harmType,
                    category,
                    labelledBy,
                    group,
                    domain,
                    form,
                    Optional.of(file));
        } catch (IllegalArgumentException e) {
            throw line.error(e.getMessage(), null);
        }
    }

    List<LabelledExample> examples() {
        return examples;
    }

    /** Returns the checksums of the files with examples. */
    Map<String, String> checksums() {
        return checksums;
    }

    /** Returns the number of injections in each file that has any. */
    Map<String, Integer> injections() {
        return injections;
    }
}
