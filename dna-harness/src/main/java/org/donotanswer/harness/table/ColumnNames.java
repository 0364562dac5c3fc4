package org.donotanswer.harness.table;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names of the columns of a file or of the members of an object, and which columns they are. Immutable, hence thread-safe. */
final class ColumnNames {
    /** Names that say something about a record and are not what the user asked; normalized. */
    private static final Set<String> METADATA = Set.of(
            "source",
            "category",
            "subcategory",
            "licence",
            "license",
            "language",
            "lang",
            "split",
            "domain",
            "form",
            "date",
            "time",
            "timestamp",
            "url",
            "type",
            "tags",
            "labelby",
            "riskarea",
            "typesofharm",
            "specificharms",
            "harmtypes",
            "finishreason",
            "score",
            "label",
            "labels",
            "uuid",
            "annotationid",
            "leadtime",
            "provider",
            "temperature",
            "latency",
            "usage");

    private static final int MAX_LISTED = 20;
    private static final int MAX_SHOWN_CHARACTERS = 40;

    private final List<String> names;
    private final Map<TableColumn, String> found = new EnumMap<>(TableColumn.class);
    private final Map<TableColumn, String> repeated = new EnumMap<>(TableColumn.class);
    private final Map<TableColumn, String> given;
    private @Nullable String context;

    private ColumnNames(List<String> names, Map<TableColumn, String> given) {
        this.names = names;
        this.given = given;
    }

    static ColumnNames of(List<String> names, Map<TableColumn, String> given) {
        ColumnNames columns = new ColumnNames(names, given);
        for (String name : names) {
            columns.add(name);
        }
        return columns;
    }

    private void add(String name) {
        String normalized = TableColumn.normalized(name);
        for (var entry : given.entrySet()) {
            if (!normalized.isEmpty()
                    && TableColumn.normalized(entry.getValue()).equals(normalized)) {
                claim(entry.getKey(), name);
                return;
            }
        }
        TableColumn column = TableColumn.ofNormalized(normalized);
        if (column == null || given.containsKey(column)) {
            return;
        }
        String before = found.get(column);
        if (column == TableColumn.ID && before != null) {
            // Many files have an id and a key or an index; the id is the id.
            if (normalized.equals("id") && !TableColumn.normalized(before).equals("id")) {
                found.put(column, name);
                repeated.remove(column);
                return;
            }
            if (!normalized.equals("id") && TableColumn.normalized(before).equals("id")) {
                return;
            }
        }
        if (column == TableColumn.INSTRUCTION && normalized.equals("input") && isInstruction(before)) {
            context = name;
        } else if (normalized.equals("instruction")
                && before != null
                && TableColumn.normalized(before).equals("input")) {
            context = before;
            found.put(column, name);
        } else {
            claim(column, name);
        }
    }

    private static boolean isInstruction(@Nullable String name) {
        return name != null && TableColumn.normalized(name).equals("instruction");
    }

    private void claim(TableColumn column, String name) {
        if (found.putIfAbsent(column, name) != null) {
            repeated.putIfAbsent(column, name);
        }
    }

    /** Returns the name by which the file has a column; null if it has no such column. */
    @Nullable
    String name(TableColumn column) {
        return found.get(column);
    }

    /** Returns the name by which messages call a column: that of the file, if it has the column. */
    String label(TableColumn column) {
        String name = found.get(column);
        return name == null ? column.label() : shown(name);
    }

    /** Returns the column of a task's further input, which belongs to the instruction; null if there is none. */
    @Nullable
    String context() {
        return context;
    }

    /** Returns why a column cannot be told, or null. */
    @Nullable
    String ambiguity(TableColumn column) {
        String second = repeated.get(column);
        return second == null
                ? null
                : column.label() + " must be one column, but was " + shown(found.get(column)) + " and " + shown(second)
                        + "; say which by --column " + column.label() + "=NAME";
    }

    /** Returns the problem that a column is missing. */
    String missing(TableColumn column) {
        return missing(List.of(column));
    }

    /** Returns the problem that columns, at least one, are missing. */
    String missing(List<TableColumn> columns) {
        String labels = columns.stream().map(TableColumn::label).collect(Collectors.joining(" and "));
        String first = columns.get(0).label();
        return labels + " must have a known name or be named by --column " + first + "=NAME, but "
                + (columns.size() == 1 ? "was" : "were") + " missing among " + list();
    }

    /** Returns whether it is known what a name stands for. */
    boolean isUnderstood(String name) {
        String normalized = TableColumn.normalized(name);
        return normalized.isEmpty()
                || TableColumn.ofNormalized(normalized) != null
                || METADATA.contains(normalized)
                || given.values().stream()
                        .anyMatch(value -> TableColumn.normalized(value).equals(normalized));
    }

    boolean isDeclaredAbsent(TableColumn column) {
        return given.getOrDefault(column, "-").isEmpty();
    }

    List<String> names() {
        return names;
    }

    /** Returns the names for a message; a line of text in the place of a header is not shown. */
    private String list() {
        boolean header = !found.isEmpty()
                || names.stream()
                        .allMatch(name -> name.length() <= MAX_SHOWN_CHARACTERS
                                && name.chars().noneMatch(Character::isWhitespace));
        if (!header) {
            return names.size() + " others";
        }
        String listed = names.stream()
                .filter(name -> !name.isBlank())
                .limit(MAX_LISTED)
                .map(ColumnNames::shown)
                .collect(Collectors.joining(", "));
        return listed.isEmpty() ? "none" : names.size() > MAX_LISTED ? listed + " and others" : listed;
    }

    private static String shown(@Nullable String name) {
        String visible = String.valueOf(name).replaceAll("\\p{Cntrl}", " ").strip();
        return visible.length() <= MAX_SHOWN_CHARACTERS ? visible : "a name of " + visible.length() + " characters";
    }

    /** Returns the usual names with those of the file, without texts. */
    @Override
    public String toString() {
        return new LinkedHashMap<>(found).toString();
    }
}
