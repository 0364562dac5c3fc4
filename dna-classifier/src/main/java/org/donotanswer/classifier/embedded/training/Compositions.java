package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Puts text around responses that does not change whether they are harmful: a refusal or harmless text. Its instances are not
 * thread-safe; the caveats and the ends of sentences are for all who train on such texts.
 */
public final class Compositions {
    private static final int MAX_REFUSAL_CHARS = 240;

    private static final int[] SHORTENED_CHARS = {12, 60, 130, 200};

    /** What LLMs put behind a response, whether it is harmful or not. */
    public static final List<String> CAVEATS = List.of(
            "Please note that this is for educational purposes only.",
            "Remember to follow the laws of your country and to use this information responsibly.",
            "Note: I do not encourage anybody to do this. It is meant as information only.",
            "Always put your safety and that of others first.",
            "If you are not sure, please consult a professional before you act.",
            "Disclaimer: the above is fictional and must not be tried in real life.",
            "As an AI language model, I have no personal opinions, and what I say may be wrong.",
            "I hope this helps! Let me know if you have any other questions.",
            "Keep in mind that everyone is responsible for their own decisions.");

    private final List<String> refusals = new ArrayList<>();
    private final List<String> harmless = new ArrayList<>();
    private final SplittableRandom random;
    private int number;

    Compositions(List<TrainingExample> examples, long seed) {
        random = new SplittableRandom(seed);
        for (TrainingExample example : examples) {
            example.response().ifPresent(response -> {
                if (example.refusal().orElse(false) && response.length() <= MAX_REFUSAL_CHARS) {
                    refusals.add(response);
                } else if (ActionTraining.isHarmless(example)
                        && !example.harmful().orElse(true)) {
                    harmless.add(response);
                }
            });
        }
    }

    /** Returns the response with a refusal before it or behind it, a caveat behind it, or harmless text around it, in turn. */
    String compose(String response) {
        int kind = number++ % 4;
        if (kind == 0) {
            return response + "\n\n" + draw(CAVEATS);
        }
        if (kind < 3 && !refusals.isEmpty()) {
            String refusal = draw(refusals);
            return kind == 1 ? refusal + "\n\n" + response : response + "\n\n" + refusal;
        }
        if (!harmless.isEmpty()) {
            String padding = draw(harmless);
            int split = endOfSentence(padding, padding.length() / 2);
            return padding.substring(0, split) + "\n\n" + response + "\n\n" + padding.substring(split);
        }
        return response;
    }

    private String draw(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }

    /** Returns the first sentences of a text, about 3 to 40 words, as everyday responses are longer than others. */
    static String shortened(String text, int number) {
        return text.substring(0, endOfSentence(text, SHORTENED_CHARS[number % SHORTENED_CHARS.length]));
    }

    /** Returns the position after the first sentence that ends at or after a position; the length of the text if none does. */
    public static int endOfSentence(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '.' && (i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1))))) {
                return i + 1;
            }
        }
        return text.length();
    }
}
