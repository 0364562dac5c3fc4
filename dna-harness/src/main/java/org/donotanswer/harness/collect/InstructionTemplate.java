package org.donotanswer.harness.collect;

import com.google.common.math.LongMath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A text with placeholders, for example "Is it true what they say of {country}?". A repeated placeholder has the same value
 * everywhere; other braces are doubled. Immutable, hence thread-safe.
 */
final class InstructionTemplate {
    /** The text around the placeholders: each piece but the last is followed by the placeholder with its index. */
    private final List<String> texts;

    private final List<String> placeholders;

    private InstructionTemplate(List<String> texts, List<String> placeholders) {
        this.texts = List.copyOf(texts);
        this.placeholders = List.copyOf(placeholders);
    }

    /**
     * Parses a template.
     *
     * @throws IllegalArgumentException if a brace is neither doubled nor part of a placeholder; the message has its position
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
                            "brace must be doubled or part of a placeholder, but was neither at character " + (i + 1));
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

    /** Returns the distinct names of the placeholders, in order. */
    List<String> names() {
        return placeholders.stream().distinct().toList();
    }

    /** Returns the number of combinations of values, at most {@link Long#MAX_VALUE}. */
    long combinations(TemplateValues values) {
        long product = 1;
        for (String name : names()) {
            product = LongMath.saturatedMultiply(product, list(values, name).size());
        }
        return product;
    }

    /** Returns the values of a combination by name; the value of the last placeholder varies fastest. */
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

    /** Returns the text with the values in place of the placeholders. */
    String text(Map<String, String> chosen) {
        StringBuilder text = new StringBuilder(texts.get(0));
        for (int i = 0; i < placeholders.size(); i++) {
            text.append(chosen.get(placeholders.get(i))).append(texts.get(i + 1));
        }
        return text.toString();
    }
}
