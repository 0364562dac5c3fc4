package org.donotanswer.guard;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the content words of a text, which name something: at least three letters, not among common English words, in
 * lower case, without the endings of plural and tense; in scripts without spaces, pairs of neighbouring characters.
 * Stateless, hence thread-safe.
 */
final class ContentWords {
    private static final int MIN_LETTERS = 3;
    private static final int MAX_LETTERS = 40;
    private static final int MAX_CHARS = 4_000;
    /** Words that name nothing in particular, and words of asking and courtesy, without their endings. */
    private static final Set<String> COMMON = Stream.of(
                    """
            about above actually after again all already also although always and another any anyone anything are around ask
            aware away back because been before being below best better between both but call can cannot carefully care case come
            consider continue could did different does doing don done down each easy else enough even ever every everyone
            everything example explain explanation feel few find first following for from further get getting give given giving
            goes going good great had happy has have having hello help helpful her here hers him his hope how however idea important
            information instead into its just keep kind know later least less let like likely list little long look lot made make
            making many may maybe mean might more most much must myself need needs never new next nice nothing now off often once
            one only other others our out over own part people person place please point possible probably provide put question
            quite really right said same say see seem sense several shall she should show simply since some someone something soon
            sorry specific start step still such sure take talk tell than thank thanks that the their them then there these they
            thing things think this those though three through time together told too topic try trying two under understand until
            upon use used useful using very want was way ways welcome well went were what whatever when where whether which while
            who whole whom whose why will wish with within without won word words work would write yes yet you your yours yourself
            """
                            .strip()
                            .split("\\s+"))
            .map(ContentWords::stem)
            .collect(Collectors.toUnmodifiableSet());

    private ContentWords() {}

    /**
     * How often a text mentions given words.
     *
     * @param counts the number of mentions of each word that is mentioned
     * @param distinctWords the number of different content words in the text, at most {@value #MAX_DISTINCT_WORDS}
     */
    record Mentions(Map<String, Integer> counts, int distinctWords) {
        private static final int MAX_DISTINCT_WORDS = 24;

        boolean has(String word) {
            return counts.containsKey(word);
        }

        int times(String word) {
            return counts.getOrDefault(word, 0);
        }
    }

    /** Returns the content words of a text; if it is long, those of its beginning and end. */
    static Set<String> of(String text) {
        Set<String> words = new HashSet<>();
        forEach(Texts.abridged(text, MAX_CHARS), words::add);
        return words;
    }

    /** Returns how often a text mentions words of a set. Memory does not grow with the text. */
    static Mentions mentions(String text, Set<String> wanted) {
        Map<String, Integer> counts = new HashMap<>();
        Set<String> distinct = new HashSet<>();
        forEach(text, word -> {
            if (wanted.contains(word)) {
                counts.merge(word, 1, Integer::sum);
            }
            if (distinct.size() < Mentions.MAX_DISTINCT_WORDS) {
                distinct.add(word);
            }
        });
        return new Mentions(counts, distinct.size());
    }

    private static void forEach(String text, Consumer<String> action) {
        int length = text.length();
        int start = 0;
        while (start < length) {
            int end = start;
            int letters = 0;
            boolean ideographic = false;
            while (end < length) {
                int c = text.codePointAt(end);
                if (!Character.isLetter(c)) {
                    break;
                }
                ideographic |= Character.isIdeographic(c);
                letters++;
                end += Character.charCount(c);
            }
            if (ideographic) {
                pairs(text, start, end, action);
            } else if (letters >= MIN_LETTERS) {
                word(text.substring(start, Math.min(end, start + MAX_LETTERS)).toLowerCase(Locale.ROOT), action);
            }
            start = end == length ? end : end + Character.charCount(text.codePointAt(end));
        }
    }

    private static void pairs(String text, int start, int end, Consumer<String> action) {
        int first = start;
        int second = start + Character.charCount(text.codePointAt(start));
        while (second < end) {
            int next = second + Character.charCount(text.codePointAt(second));
            action.accept(text.substring(first, next));
            first = second;
            second = next;
        }
    }

    private static void word(String word, Consumer<String> action) {
        String stem = stem(word);
        if (!COMMON.contains(stem)) {
            action.accept(stem);
        }
    }

    /**
     * Removes an ending: "bombs" becomes "bomb", "poisoning" becomes "poison". In other languages it may cut more, but
     * does so for every occurrence of a word.
     */
    private static String stem(String word) {
        String stem = word;
        for (String ending : new String[] {"ing", "es", "ed", "s"}) {
            if (stem.endsWith(ending) && stem.length() - ending.length() >= MIN_LETTERS && !stem.endsWith("ss")) {
                stem = stem.substring(0, stem.length() - ending.length());
                break;
            }
        }
        return stem.length() > MIN_LETTERS && stem.endsWith("e") ? stem.substring(0, stem.length() - 1) : stem;
    }
}
