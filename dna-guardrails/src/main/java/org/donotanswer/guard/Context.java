package org.donotanswer.guard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.donotanswer.guard.Conversation.Role;
import org.donotanswer.guard.Conversation.Turn;

/**
 * The earlier turns of the user that an exchange takes up, and that are therefore read with it. What the chatbot said is never
 * among them. Immutable, hence thread-safe.
 *
 * <p>An old turn must not count against an exchange about something else. So it is taken up only if the answer speaks of what the
 * turn named: of two or more of its {@linkplain Words words}, or twice of one, which the user's last words do not name; words that
 * both name count once. If the user's last words name nothing much, as in "go on", one mention is enough; and if the answer to
 * these is long, it is taken to be about the last turn that does name something. Only the turns and chars that the limits allow
 * are looked at, the newest first.
 *
 * @param text what the turns say, oldest first, each on a line of its own
 * @param turns how many they are
 */
record Context(String text, int turns) {
    static final Context NONE = new Context("", 0);

    /** As many turns are looked at for each that may be read: turns that name nothing do not use up the others' places. */
    private static final int LOOK_BACK = 8;
    /** The words from which on an answer is more than a courtesy. */
    private static final int LONG_ANSWER = 12;

    /** Returns the context of a response to an instruction. */
    static Context of(List<Turn> earlier, String instruction, String response, ContextLimits limits) {
        if (limits.turns() == 0 || limits.characters() == 0 || earlier.isEmpty()) {
            return NONE;
        }
        Set<String> named = Words.of(instruction);
        Deque<String> taken = new ArrayDeque<>();
        int left = limits.characters();
        int candidates = 0;
        int oldest = Math.max(0, earlier.size() - 2 * LOOK_BACK * limits.turns());
        for (int i = earlier.size() - 1; i >= oldest && left > 0 && candidates < limits.turns(); i--) {
            if (earlier.get(i).role() != Role.USER) {
                continue;
            }
            String turn = Texts.abridged(earlier.get(i).text(), left);
            left -= turn.length();
            Set<String> words = Words.of(turn);
            if (words.isEmpty()) {
                continue;
            }
            candidates++;
            if (takesUp(response, words, named, candidates == 1)) {
                taken.addFirst(turn);
            }
        }
        return taken.isEmpty() ? NONE : new Context(String.join("\n", taken), taken.size());
    }

    private static boolean takesUp(String response, Set<String> turn, Set<String> named, boolean last) {
        Words.Mentions mentions = Words.mentions(response, turn);
        int points = 0;
        boolean unnamed = false;
        for (var mention : mentions.counts().entrySet()) {
            boolean isNamed = named.contains(mention.getKey());
            points += isNamed ? 1 : Math.min(2, mention.getValue());
            unnamed |= !isNamed;
        }
        boolean elliptic = named.size() <= 1;
        return points >= 2
                || (elliptic && unnamed)
                || (last && named.isEmpty() && mentions.distinctWords() >= LONG_ANSWER);
    }

    /** Returns an instruction with this context before it. */
    String before(String instruction) {
        return text + "\n" + instruction;
    }

    /** Returns the number of turns, never their text. */
    @Override
    public String toString() {
        return "Context[turns=" + turns + "]";
    }
}
