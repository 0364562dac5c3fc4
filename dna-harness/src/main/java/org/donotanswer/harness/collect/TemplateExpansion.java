package org.donotanswer.harness.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.RawRow;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableRow;
import org.donotanswer.harness.table.TableSettings;

/**
 * Creates instructions from templates by replacing their placeholders with values. The instructions of a template depend only
 * on the seed, its id and the values, not on other templates. Not thread-safe.
 */
public final class TemplateExpansion {
    /** The maximum number of instructions from one template. */
    static final int MAX_PER_TEMPLATE = 1_000_000;

    private static final JsonMapper MAPPER = new JsonMapper();

    private final TemplateValues values;
    private final long seed;
    private final OptionalInt perTemplate;
    private int expanded;
    private int repeated;

    /**
     * The result of an expansion. Immutable, hence thread-safe.
     *
     * @param templates the number of templates
     * @param instructions the number of instructions
     * @param repeated the number of combinations left out because another of the same template has the same text
     */
    public record ExpansionResult(int templates, int instructions, int repeated) {}

    private record ParsedTemplate(Instruction instruction, InstructionTemplate template, long line) {
        boolean hasLabelsOf(ParsedTemplate other) {
            return instruction.benign() == other.instruction.benign()
                    && instruction.specificHarm().equals(other.instruction.specificHarm());
        }
    }

    private TemplateExpansion(TemplateValues values, long seed, OptionalInt perTemplate) {
        this.values = Objects.requireNonNull(values, "values");
        this.seed = seed;
        this.perTemplate = perTemplate;
        if (perTemplate.isPresent() && (perTemplate.getAsInt() < 1 || perTemplate.getAsInt() > MAX_PER_TEMPLATE)) {
            throw new IllegalArgumentException(
                    "perTemplate must be between 1 and " + MAX_PER_TEMPLATE + ", but was " + perTemplate.getAsInt());
        }
    }

    /**
     * Expands the templates of a file with the columns {@link TableColumn#ID}, {@link TableColumn#TEMPLATE} and, optionally,
     * {@link TableColumn#BENIGN} and {@link TableColumn#SPECIFIC_HARM}, which each instruction inherits. The instructions are written as JSON lines
     * for {@link InstructionSet#read}.
     *
     * @param perTemplate the maximum number of instructions per template, sampled with the seed; all if empty
     * @param out not closed
     * @throws IllegalArgumentException if the number is not between 1 and 1,000,000
     * @throws IOException if the file cannot be read, a row is malformed or repeats an id, a placeholder is unknown, a
     *     template without a limit has more than 1,000,000 combinations, or two templates give the same text with different
     *     labels
     */
    public static ExpansionResult expand(
            Path templates,
            TableSettings settings,
            TemplateValues values,
            long seed,
            OptionalInt perTemplate,
            OutputStream out)
            throws IOException {
        TemplateExpansion expansion = new TemplateExpansion(values, seed, perTemplate);
        // All templates are read before the first is written, as the last one may be malformed.
        Collection<ParsedTemplate> rows = expansion.read(templates, settings);
        expansion.requireSameLabels(rows, templates);
        for (ParsedTemplate row : rows) {
            expansion.write(row, out);
        }
        return new ExpansionResult(rows.size(), expansion.expanded, expansion.repeated);
    }

    private Collection<ParsedTemplate> read(Path file, TableSettings settings) throws IOException {
        Map<String, ParsedTemplate> byId = new LinkedHashMap<>();
        try (TableReader table = TableReader.open(file, settings)) {
            table.check(
                    List.of(TableColumn.ID, TableColumn.TEMPLATE),
                    List.of(TableColumn.BENIGN, TableColumn.RISKY, TableColumn.SPECIFIC_HARM));
            for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                TableRow row = raw.parse();
                String text = row.visible(TableColumn.TEMPLATE);
                ParsedTemplate read =
                        new ParsedTemplate(InstructionSet.instruction(row, text), template(text, row), row.line());
                if (byId.putIfAbsent(read.instruction().id(), read) != null) {
                    throw row.error("id must be unique, but was repeated", TableColumn.ID);
                }
            }
        }
        if (byId.isEmpty()) {
            throw new BadInputException("file must have a template, but had none", file.toString(), 1, null);
        }
        return byId.values();
    }

    private InstructionTemplate template(String text, TableRow row) throws IOException {
        InstructionTemplate template;
        try {
            template = InstructionTemplate.parse(text);
        } catch (IllegalArgumentException e) {
            throw row.error(String.valueOf(e.getMessage()), TableColumn.TEMPLATE);
        }
        for (String name : template.names()) {
            if (!values.byName().containsKey(name)) {
                Optional<String> nearest = values.nearest(name);
                throw row.error(
                        "placeholder must be one of " + values.byName().keySet() + ", but was {" + name + "}"
                                + nearest.map(known -> "; did you mean {" + known + "}?")
                                        .orElse(""),
                        TableColumn.TEMPLATE);
            }
        }
        if (perTemplate.isEmpty() && template.combinations(values) > MAX_PER_TEMPLATE) {
            throw row.error(
                    "template must have at most " + MAX_PER_TEMPLATE
                            + " combinations unless their number is limited, but had more",
                    TableColumn.TEMPLATE);
        }
        return template;
    }

    /** Checks that equal instructions have equal labels. */
    private void requireSameLabels(Collection<ParsedTemplate> rows, Path file) throws BadInputException {
        ParsedTemplate first = rows.iterator().next();
        if (rows.stream().allMatch(first::hasLabelsOf)) {
            return;
        }
        Map<String, ParsedTemplate> byText = new HashMap<>();
        for (ParsedTemplate row : rows) {
            for (long index : indexes(row)) {
                String text = row.template().text(row.template().combination(values, index));
                ParsedTemplate before = byText.putIfAbsent(text, row);
                if (before != null && !before.hasLabelsOf(row)) {
                    throw new BadInputException(
                            "equal texts of two templates must have the same benign and specificHarm, but had others in line "
                                    + before.line(),
                            file.toString(),
                            row.line(),
                            TableColumn.TEMPLATE.label());
                }
            }
        }
    }

    private void write(ParsedTemplate row, OutputStream out) throws IOException {
        int number = 0;
        Set<String> texts = new HashSet<>();
        for (long index : indexes(row)) {
            Map<String, String> chosen = row.template().combination(values, index);
            String text = row.template().text(chosen);
            // Different values can give the same text, as in "{x}{y}" with "a", "bc" and "ab", "c".
            if (!texts.add(text)) {
                repeated++;
                continue;
            }
            number++;
            expanded++;
            out.write((line(row.instruction(), number, text, chosen) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private Collection<Long> indexes(ParsedTemplate row) {
        long combinations = row.template().combinations(values);
        if (perTemplate.isEmpty() || combinations <= perTemplate.getAsInt()) {
            return LongStream.range(0, combinations).boxed().toList();
        }
        Random random =
                new Random(seed ^ (0x9E3779B97F4A7C15L * row.instruction().id().hashCode()));
        return sample(combinations, perTemplate.getAsInt(), random);
    }

    /** Returns distinct random numbers below a bound, by Floyd's algorithm, which draws each number once. */
    private static Collection<Long> sample(long bound, int count, Random random) {
        Set<Long> chosen = new LinkedHashSet<>();
        for (long last = bound - count; last < bound; last++) {
            // Not nextLong(bound), whose numbers may differ between versions of Java.
            long drawn = Math.floorMod(random.nextLong(), last + 1);
            chosen.add(chosen.contains(drawn) ? last : drawn);
        }
        return new ArrayList<>(chosen);
    }

    private static String line(Instruction template, int number, String text, Map<String, String> chosen) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(TableColumn.ID.label(), template.id() + "-" + number);
        json.put(TableColumn.INSTRUCTION.label(), text);
        if (template.benign()) {
            json.put(TableColumn.BENIGN.label(), true);
        }
        template.specificHarm().ifPresent(harm -> json.put(TableColumn.SPECIFIC_HARM.label(), harm.name()));
        json.put(TableColumn.TEMPLATE.label(), template.id());
        json.put("values", chosen);
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings must have a JSON form, but had none", e);
        }
    }
}
