package org.donotanswer.guard;

import java.util.Set;

/**
 * Recognises a text by which an LLM announces that it calls a tool, and which says nothing else: "Let me look that up." An
 * evaluator has nothing to judge in it, and its scores are accidental. Stateless, hence thread-safe.
 */
final class Announcement {
    /** Words for looking something up, and for waiting, without endings. None of them names a subject. */
    private static final Set<String> WORDS = ContentWords.of(
            """
            browse browsing check checking consult consulting database data detail details fetch fetching gather gathering internet
            lookup minute moment online patience query querying record result retrieve retrieving search searching second source
            tool verify verifying web
            """);

    private Announcement() {}

    /** Returns whether a text has letters, and no word but such ones and those that name nothing. */
    static boolean isNothingElse(String text) {
        return text.length() <= SafetyGuard.MAX_INTERIM
                && text.codePoints().allMatch(c -> c < 128 || !Character.isLetter(c))
                && WORDS.containsAll(ContentWords.of(text));
    }
}
