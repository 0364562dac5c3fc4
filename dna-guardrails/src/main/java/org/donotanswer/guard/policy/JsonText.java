package org.donotanswer.guard.policy;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes JSON byte for byte like Jackson, so that policies have a version, and can be printed, without it. Supports
 * maps, collections, strings, numbers and booleans. Not thread-safe.
 */
final class JsonText {
    private static final String HEX_DIGITS = "0123456789ABCDEF";

    private final StringBuilder out = new StringBuilder();
    private final boolean indented;

    private JsonText(boolean indented) {
        this.indented = indented;
    }

    /** Returns the value without white space. */
    static String compact(Object value) {
        return new JsonText(false).add(value, 0).out.toString();
    }

    /** Returns the value with one member per line, and lists on one line. */
    static String indented(Object value) {
        return new JsonText(true).add(value, 0).out.toString();
    }

    private JsonText add(Object value, int depth) {
        if (value instanceof Map<?, ?> members) {
            addObject(members, depth);
        } else if (value instanceof Collection<?> elements) {
            addList(elements, depth);
        } else if (value instanceof String text) {
            addString(text);
        } else {
            out.append(value);
        }
        return this;
    }

    private void addObject(Map<?, ?> members, int depth) {
        out.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> each = members.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<?, ?> member = each.next();
            addLineBreak(depth + 1);
            addString(member.getKey().toString());
            out.append(indented ? " : " : ":");
            add(member.getValue(), depth + 1);
            if (each.hasNext()) {
                out.append(',');
            }
        }
        if (!members.isEmpty()) {
            addLineBreak(depth);
        } else if (indented) {
            out.append(' ');
        }
        out.append('}');
    }

    private void addLineBreak(int depth) {
        if (indented) {
            out.append('\n').append("  ".repeat(depth));
        }
    }

    private void addList(Collection<?> elements, int depth) {
        String separator = indented ? " " : "";
        out.append('[').append(separator);
        for (Iterator<?> each = elements.iterator(); each.hasNext(); ) {
            add(each.next(), depth);
            out.append(each.hasNext() ? "," : "").append(separator);
        }
        out.append(']');
    }

    private void addString(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(HEX_DIGITS.charAt(c >> 4)).append(HEX_DIGITS.charAt(c & 0xF));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
