package org.donotanswer.classifier.weights;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Creates exceptions for one file, all in the same form. Text from the file is sanitised before it enters a message.
 */
record FileErrors(String where) {
    private static final int MAX_PRINTED_CHARS = 160;

    static FileErrors of(Path file) {
        return new FileErrors(name(file));
    }

    static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }

    CheckpointException invalid(String subject, String requirement, Object value) {
        return new CheckpointException(message(subject, requirement, value));
    }

    CheckpointException invalid(String subject, String requirement, Object value, @Nullable Throwable cause) {
        return cause == null
                ? invalid(subject, requirement, value)
                : new CheckpointException(message(subject, requirement, value), cause);
    }

    private String message(String subject, String requirement, Object value) {
        return printable(subject) + " " + requirement + ", but was " + printable(String.valueOf(value)) + " (" + where
                + ")";
    }

    /**
     * Returns text from a file as one short line; characters that could disturb a terminal or a log become question
     * marks.
     */
    static String printable(String text) {
        StringBuilder line = new StringBuilder();
        int end = Math.min(text.length(), MAX_PRINTED_CHARS);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            line.append(isPrintable(c) ? c : '?');
        }
        return end < text.length() ? line + "..." : line.toString();
    }

    private static boolean isPrintable(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
