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

/** Reads labelled examples from files of JSON lines. */
final class ExampleReader {
    private static final String PATTERN = "*.jsonl";
    /** How sources name an LLM that they do not know. */
    private static final String UNKNOWN = "unknown";

    private final List<LabelledExample> examples = new ArrayList<>();
    private final Map<String, String> checksums = new LinkedHashMap<>();
    private final Map<String, Position> positionByKey = new HashMap<>();

    private record Position(Path file, long line) {}

    /** Reads a file, or all files of JSON lines in a directory in the order of their names. */
    void read(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!Files.isDirectory(path)) {
            readFile(path);
            return;
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, PATTERN)) {
            found.forEach(files::add);
        }
        files.removeIf(Files::isDirectory);
        if (files.isEmpty()) {
            throw new DatasetFormatException("directory must hold *.jsonl files, but had none", path, 0, null);
        }
        files.sort(null);
        for (Path file : files) {
            readFile(file);
        }
    }

    private void readFile(Path file) throws IOException {
        String name = name(file);
        int before = examples.size();
        String sha256 = JsonLines.forEach(file, line -> add(line, name));
        if (examples.size() == before) {
            throw new DatasetFormatException("file must hold examples, but had none", file, 0, null);
        }
        checksums.put(name, sha256);
    }

    /** Returns the name with the directory's, which says where the file belongs and is the same on every machine. */
    private String name(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        String name = absolute.getNameCount() < 2
                ? absolute.toString()
                : absolute.getName(absolute.getNameCount() - 2) + "/" + absolute.getFileName();
        return checksums.containsKey(name) ? absolute.toString() : name;
    }

    private void add(JsonLines.Line line, String file) throws DatasetFormatException {
        LabelledExample example = example(line, file);
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

    private static LabelledExample example(JsonLines.Line line, String file) throws DatasetFormatException {
        Optional<String> category = line.optionalText("category");
        Optional<String> response = Optional.empty();
        if (line.object().hasNonNull("response")) {
            response = Optional.of(line.nonBlank("response"));
        }
        String id = line.nonBlank("id");
        String source = line.nonBlank("source");
        String instruction = line.nonBlank("instruction");
        Optional<String> licence =
                line.optionalText("licence").map(text -> CategoryLicences.licence(text, category.orElse("")));
        Optional<String> llm = line.optionalText("llm").filter(name -> !name.equals(UNKNOWN));
        Optional<Boolean> instructionRisky = line.optionalFlag("instruction_risky");
        Optional<Boolean> harmful = line.optionalFlag("response_harmful");
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
                    instruction,
                    response,
                    instructionRisky,
                    harmful,
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

    Map<String, String> checksums() {
        return checksums;
    }
}
