package org.donotanswer.dataset.split;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** The words of a text: runs of letters and digits in lower case, and each ideograph. */
final class WordSets {
    private WordSets() {}

    /** Returns the number of different words. */
    static int count(String text) {
        Set<String> words = new HashSet<>();
        forEach(text, words::add);
        return words.size();
    }

    /** Passes on each word, or, if there are none, the text itself, so that equal texts are similar. */
    static void forEach(String text, Consumer<String> consumer) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean isEmpty = true;
        int start = -1;
        int next;
        for (int i = 0; i < lower.length(); i = next) {
            int c = lower.codePointAt(i);
            next = i + Character.charCount(c);
            boolean isIdeograph = Character.isIdeographic(c);
            boolean inWord = Character.isLetterOrDigit(c) && !isIdeograph;
            if (inWord && start < 0) {
                start = i;
            } else if (!inWord && start >= 0) {
                consumer.accept(lower.substring(start, i));
                start = -1;
            }
            if (isIdeograph) {
                consumer.accept(lower.substring(i, next));
            }
            isEmpty &= !inWord && !isIdeograph;
        }
        if (start >= 0) {
            consumer.accept(lower.substring(start));
        }
        if (isEmpty) {
            consumer.accept(lower.strip());
        }
    }
}
