package org.donotanswer.harness.collect;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.table.LabelValues;
import org.donotanswer.harness.table.RawRow;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableRow;
import org.donotanswer.harness.table.TableSettings;
import org.jspecify.annotations.Nullable;

/** The responses in a file to import, one in memory at a time. Not thread-safe. */
final class ResponseTable implements Closeable {
    private static final Pattern WHITESPACE = Pattern.compile("[\\s\\p{Z}]+");

    private final TableReader table;
    private final InstructionSet instructions;
    private final IdIndex seen = new IdIndex();

    private ResponseTable(TableReader table, InstructionSet instructions) {
        this.table = table;
        this.instructions = instructions;
    }

    /**
     * Opens a file.
     *
     * @param content where the content of the file is, if it can be read from the file only once
     * @throws IOException if it cannot be read, or lacks columns
     */
    static ResponseTable open(Path file, Path content, InstructionSet instructions, TableSettings settings)
            throws IOException {
        TableReader table = content.equals(file)
                ? TableReader.open(file, settings)
                : TableReader.open(Files.newInputStream(content), file.toString(), settings);
        try {
            table.check(List.of(TableColumn.ID, TableColumn.RESPONSE), List.of(TableColumn.INSTRUCTION));
            return new ResponseTable(table, instructions);
        } catch (IOException e) {
            table.close();
            throw e;
        }
    }

    /**
     * Returns the next response, or null at the end.
     *
     * @throws IOException if the file cannot be read, or a row is malformed, has an unknown or repeated id, or an instruction
     *     that differs from that of the id
     */
    @Nullable
    CollectedResponse next() throws IOException {
        RawRow raw = table.next();
        if (raw == null) {
            return null;
        }
        TableRow row = raw.parse();
        Instruction instruction = known(row, instructions.byId());
        if (!seen.add(instruction.id())) {
            throw row.error("id must be unique, but was repeated", TableColumn.ID);
        }
        requireSame(row, instruction);
        return response(row, instruction);
    }

    /** Returns how many responses there were so far. */
    int count() {
        return seen.size();
    }

    private static CollectedResponse response(TableRow row, Instruction instruction) throws IOException {
        return new CollectedResponse(
                        instruction.id(),
                        instruction.specificHarm(),
                        instruction.benign(),
                        Exchange.of(instruction.text(), row.response()),
                        finish(row),
                        new TokenUsage(tokens(row, TableColumn.INPUT_TOKENS), tokens(row, TableColumn.OUTPUT_TOKENS)),
                        row.label(TableColumn.MODEL),
                        row.text(TableColumn.THINKING).filter(text -> !text.isBlank()))
                .dividingThinking();
    }

    /** Returns the instruction of the row's id, to which a program may have given decimals. */
    private static Instruction known(TableRow row, Map<String, Instruction> byId) throws IOException {
        String id = row.visible(TableColumn.ID);
        Instruction instruction = byId.getOrDefault(id, byId.getOrDefault(LabelValues.plain(id), byId.get(id + ".0")));
        if (instruction == null) {
            throw row.error("id must be that of an instruction, but was unknown", TableColumn.ID);
        }
        return instruction;
    }

    private static void requireSame(TableRow row, Instruction instruction) throws IOException {
        Optional<String> found = row.instruction();
        if (found.isPresent() && !normalized(found.get()).equals(normalized(instruction.text()))) {
            throw row.error("instruction must be that of the id, but was another text", TableColumn.INSTRUCTION);
        }
    }

    /** Normalizes like the comparison of questions in the dataset. */
    private static String normalized(String text) {
        return WHITESPACE.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    private static Optional<Finish> finish(TableRow row) throws IOException {
        Optional<String> name = row.label(TableColumn.FINISH);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        for (Finish finish : Finish.values()) {
            if (finish.name().equals(name.get())) {
                return Optional.of(finish);
            }
        }
        throw row.error("finish must be the name of a Finish, but was another", TableColumn.FINISH);
    }

    private static long tokens(TableRow row, TableColumn column) throws IOException {
        String count = LabelValues.plain(row.label(column).orElse("0"));
        if (!count.matches("[0-9]{1,18}")) {
            throw row.error(column.label() + " must be a number of tokens, but was not", column);
        }
        return Long.parseLong(count);
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
