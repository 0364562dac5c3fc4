package org.donotanswer.harness.collect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A text with placeholders, such as "Is it true what they say of {country}?". The same name stands for the same value
 * wherever it is; a brace that is none of a placeholder's is doubled. Immutable, hence thread-safe.
 */
final class InstructionTemplate {
    /** Pieces of text, each but the last followed by the placeholder of its index. */
    private final List<String> texts;

    private final List<String> placeholders;

    private InstructionTemplate(List<String> texts, List<String> placeholders) {
        this.texts = List.copyOf(texts);
        this.placeholders = List.copyOf(placeholders);
    }

    /**
     * Returns the template of a text.
     *
     * @throws IllegalArgumentException if a brace stands alone; the message tells its index
     */
    static InstructionTemplate parse(String text) {
        List<String> texts = new ArrayList<>();
        List<String> placeholders = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c == '{' || c == '}') && i + 1 < text.length() && text.charAt(i + 1) == c) {
                piece.append(c);
                i++;
            } else if (c == '{' || c == '}') {
                int end = text.indexOf('}', i);
                String name = c == '{' && end > 0 ? text.substring(i + 1, end) : "";
                if (!name.matches(TemplateValues.NAME)) {
                    throw new IllegalArgumentException(
                            "brace must be a placeholder's or doubled, but was neither at char " + (i + 1));
                }
                texts.add(piece.toString());
                piece.setLength(0);
                placeholders.add(name);
                i = end;
            } else {
                piece.append(c);
            }
        }
        texts.add(piece.toString());
        return new InstructionTemplate(texts, placeholders);
    }

    /** Returns the names of the placeholders, each once, in order. */
    List<String> names() {
        return placeholders.stream().distinct().toList();
    }

    /** Returns in how many ways the values can be put in; {@link Long#MAX_VALUE} if in more than that. */
    long combinations(TemplateValues values) {
        long product = 1;
        for (String name : names()) {
            int size = list(values, name).size();
            if (product > Long.MAX_VALUE / size) {
                return Long.MAX_VALUE;
            }
            product *= size;
        }
        return product;
    }

    /** Returns the values of one way to put them in, by name; the last placeholder's change first. */
    Map<String, String> combination(TemplateValues values, long index) {
        List<String> names = names();
        Map<String, String> chosen = new LinkedHashMap<>();
        names.forEach(name -> chosen.put(name, ""));
        long left = index;
        for (int i = names.size() - 1; i >= 0; i--) {
            List<String> list = list(values, names.get(i));
            chosen.put(names.get(i), list.get((int) (left % list.size())));
            left /= list.size();
        }
        return chosen;
    }

    private static List<String> list(TemplateValues values, String name) {
        return Objects.requireNonNull(values.byName().get(name), name);
    }

    /** Returns the text with the values put in. */
    String text(Map<String, String> chosen) {
        StringBuilder text = new StringBuilder(texts.get(0));
        for (int i = 0; i < placeholders.size(); i++) {
            text.append(chosen.get(placeholders.get(i))).append(texts.get(i + 1));
        }
        return text.toString();
    }
}
