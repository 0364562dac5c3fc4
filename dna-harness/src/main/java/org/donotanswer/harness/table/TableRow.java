package org.donotanswer.harness.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.BiFunction;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.internal.Utf8;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/** A record of a file. Its errors name file, line and column, and hold no user text. Immutable, hence thread-safe. */
public final class TableRow {
    private final Place place;
    private final ColumnNames columns;
    private final Fields fields;
    private final @Nullable ChatText chat;
    private final boolean brokenChat;

    TableRow(Place place, ColumnNames columns, Fields fields) {
        this.place = place;
        this.columns = columns;
        this.fields = fields;
        String name = columns.name(TableColumn.MESSAGES);
        JsonNode messages = name == null ? null : fields.json(name);
        chat = messages == null ? null : ChatText.of(messages).orElse(null);
        brokenChat = !RecordJson.isNothing(messages) && chat == null;
    }

    /** Returns the line on which the record starts, or its row in a file without lines, from 1. */
    public long line() {
        return place.line() > 0 ? place.line() : place.record();
    }

    /** Returns the id of a record that has none: its line, or its number where a line may hold several. */
    public String defaultId() {
        return place.id();
    }

    /**
     * Returns a column as it is written; empty if it is missing or null.
     *
     * @throws BadInputException if two columns go by its names, or it is an object or an array
     */
    public Optional<String> text(TableColumn column) throws BadInputException {
        String name = name(column);
        return name == null ? Optional.empty() : fields.text(name);
    }

    private @Nullable String name(TableColumn column) throws BadInputException {
        String ambiguity = columns.ambiguity(column);
        if (ambiguity != null) {
            throw error(ambiguity, column);
        }
        return columns.name(column);
    }

    /**
     * Returns a label: a column without outer spaces; empty if it is missing, blank, or what a program writes for nothing,
     * such as {@code nan}.
     *
     * @throws BadInputException as {@link #text(TableColumn)}
     */
    public Optional<String> label(TableColumn column) throws BadInputException {
        String name = name(column);
        return name == null ? Optional.empty() : label(name);
    }

    /**
     * Returns a label by the name of its column, which need not be a known one.
     *
     * @throws BadInputException if it is an object or an array
     */
    public Optional<String> label(String name) throws BadInputException {
        for (String found : columns.names()) {
            if (found.equals(name) || TableColumn.normalized(found).equals(TableColumn.normalized(name))) {
                JsonNode json = fields.json(found);
                if (json != null && json.isContainerNode()) {
                    throw place.error(
                            found + " must be a string, a number or a boolean, but was " + JsonRecord.type(json),
                            found);
                }
                return fields.text(found).map(String::strip).filter(text -> !LabelValues.isMissing(text));
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the id, which may be a number; empty if it is missing or blank.
     *
     * @throws BadInputException if it is of another type, or not encodable in UTF-8
     */
    public Optional<String> id() throws BadInputException {
        String name = name(TableColumn.ID);
        JsonNode json = name == null ? null : fields.json(name);
        if (json != null && !RecordJson.isNothing(json) && !json.isTextual() && !json.isNumber()) {
            throw error("id must be a string or a number, but was " + JsonRecord.type(json), TableColumn.ID);
        }
        Optional<String> id = text(TableColumn.ID).filter(text -> !text.isBlank() && !text.equals("nan"));
        if (id.isPresent() && !Utf8.isWellFormed(id.get())) {
            throw error("id must be well-formed Unicode, but had an unpaired surrogate", TableColumn.ID);
        }
        return id;
    }

    /**
     * Returns a column that must be present, not blank and encodable in UTF-8.
     *
     * @throws BadInputException if it is not
     */
    public String visible(TableColumn column) throws BadInputException {
        return visible(column, text(column));
    }

    /**
     * Returns an instruction that must be present, not blank and encodable in UTF-8.
     *
     * @throws BadInputException if it is not, or two columns hold one
     */
    public String visibleInstruction() throws BadInputException {
        return visible(TableColumn.INSTRUCTION, instruction());
    }

    private String visible(TableColumn column, Optional<String> found) throws BadInputException {
        String text = found.orElseThrow(() -> missing(column));
        if (text.isBlank()) {
            throw error(column.label() + " must not be blank, but was", column);
        }
        if (!Utf8.isWellFormed(text)) {
            throw error(column.label() + " must be well-formed Unicode, but had an unpaired surrogate", column);
        }
        return text;
    }

    private BadInputException missing(TableColumn column) {
        return columns.name(column) == null
                ? error(columns.missing(column), column)
                : error(column.label() + " must be a string, but was null", column);
    }

    /**
     * Returns the instruction: its column, or the last turn of the user in a chat. A task's further input follows it after an
     * empty line.
     *
     * @throws BadInputException if two columns hold one, or a chat is malformed
     */
    public Optional<String> instruction() throws BadInputException {
        Optional<String> text = turn(TableColumn.INSTRUCTION, chat == null ? Optional.empty() : chat.instruction());
        String context = columns.context();
        Optional<String> further =
                context == null ? Optional.empty() : fields.text(context).filter(t -> !t.isBlank());
        return text.isPresent() && further.isPresent() ? Optional.of(text.get() + "\n\n" + further.get()) : text;
    }

    /**
     * Returns the response: its column, or the turn of the assistant that follows the last one of the user in a chat; empty if
     * there is none.
     *
     * @throws BadInputException if two columns hold one, or a chat is malformed
     */
    public Optional<String> findResponse() throws BadInputException {
        return turn(TableColumn.RESPONSE, chat == null ? Optional.empty() : chat.response());
    }

    /**
     * Returns the {@linkplain #findResponse response}, which must be there.
     *
     * @throws BadInputException if it is not, two columns hold one, or a chat is malformed
     */
    public String response() throws BadInputException {
        Optional<String> text = findResponse();
        if (text.isEmpty() && chat != null) {
            throw error("chat must have a turn of the assistant after the user's, but had none", TableColumn.MESSAGES);
        }
        return text.orElseThrow(() -> missing(TableColumn.RESPONSE));
    }

    /** Returns whether there is such a column, whatever it holds. */
    public boolean has(TableColumn column) {
        return columns.name(column) != null;
    }

    private Optional<String> turn(TableColumn column, Optional<String> ofChat) throws BadInputException {
        if (brokenChat) {
            throw error(
                    "chat must be an array of objects with a role and a content, but was not", TableColumn.MESSAGES);
        }
        String name = name(column);
        if (name(TableColumn.MESSAGES) != null && name != null) {
            throw error(
                    column.label() + " must be one column, but was " + name + " and "
                            + columns.name(TableColumn.MESSAGES) + "; say which by --column",
                    column);
        }
        Optional<String> whole = name == null ? Optional.empty() : turns(column, name);
        return whole.isPresent() ? whole : name == null ? ofChat : fields.text(name);
    }

    /** Returns the last turn where a column is a chat itself. */
    private Optional<String> turns(TableColumn column, String name) {
        JsonNode json = fields.json(name);
        return json == null
                ? Optional.empty()
                : ChatText.of(json)
                        .flatMap(turns -> column == TableColumn.RESPONSE ? turns.response() : turns.instruction());
    }

    /** Returns how many turns of a chat come before the instruction, those of the system included; 0 without a chat. */
    public int earlierTurns() {
        return chat == null ? 0 : chat.earlier();
    }

    /**
     * Returns the exchange. Without an instruction, the response stands alone; this must be said by an empty or null
     * instruction, unless nothing else in the record could be one.
     *
     * @throws BadInputException if there is no response, or it cannot be told where the instruction is
     */
    public Exchange exchange() throws BadInputException {
        String response = response();
        Optional<String> instruction = instruction();
        if (instruction.isEmpty()
                && columns.name(TableColumn.INSTRUCTION) == null
                && chat == null
                && !columns.isDeclaredAbsent(TableColumn.INSTRUCTION)
                && columns.names().stream().anyMatch(name -> !columns.isUnderstood(name) && fields.holdsText(name))) {
            throw error(columns.missing(TableColumn.INSTRUCTION), TableColumn.INSTRUCTION);
        }
        return Exchange.of(instruction.orElse(""), response);
    }

    /**
     * Returns a yes-or-no label; empty if it is missing.
     *
     * @throws BadInputException if it is neither
     */
    public Optional<Boolean> flag(TableColumn column) throws BadInputException {
        return parsed(column, LabelValues::flag);
    }

    /**
     * Returns the action; empty if it is missing.
     *
     * @throws BadInputException if there is no such action
     */
    public Optional<ResponseAction> action() throws BadInputException {
        return parsed(TableColumn.ACTION, LabelValues::action);
    }

    /**
     * Returns the harm type; empty if it is missing.
     *
     * @throws BadInputException if there is no such harm type
     */
    public Optional<HarmType> harmType() throws BadInputException {
        return parsed(TableColumn.HARM_TYPE, LabelValues::harmType);
    }

    private <T> Optional<T> parsed(TableColumn column, BiFunction<String, String, T> parser) throws BadInputException {
        Optional<String> label = label(column);
        if (label.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(columns.label(column), label.get()));
        } catch (IllegalArgumentException e) {
            throw error(String.valueOf(e.getMessage()), column);
        }
    }

    /** Returns the JSON of a member; empty if there is none, or the file is no JSON. */
    public Optional<JsonNode> json(String member) {
        return Optional.ofNullable(fields.json(member)).filter(node -> !node.isNull());
    }

    /** Returns an exception about a column, for the caller to throw. */
    public BadInputException error(String problem, TableColumn column) {
        return place.error(problem, columns.label(column));
    }

    /** Returns an exception about the whole record, for the caller to throw. */
    public BadInputException error(String problem) {
        return place.error(problem, null);
    }

    /** Returns the position; the fields may hold text. */
    @Override
    public String toString() {
        return "TableRow[" + place + "]";
    }
}
