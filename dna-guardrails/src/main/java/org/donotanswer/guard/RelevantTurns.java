package org.donotanswer.guard;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.donotanswer.guard.Conversation.Role;
import org.donotanswer.guard.Conversation.Turn;

/**
 * The earlier turns of the user that an exchange takes up, and that are therefore read with it. What the chatbot said is never
 * among them. Immutable, hence thread-safe.
 *
 * <p>An old turn must not count against an exchange about something else. So it is taken up only if the answer speaks of what the
 * turn names and the user's last words do not: of half of its {@linkplain ContentWords words} or more, and with two mentions at least,
 * or with four mentions, of which two of each word count. Where the user's last words name nothing much, and nothing that the
 * answer speaks of, as in "go on", one mention is enough; and if they name nothing at all, a long answer is taken to be about the
 * last turn that does. Only as many turns and chars as the limits allow are looked at, the newest first.
 *
 * <p>What the user said since the chatbot last spoke may be the beginning of an instruction that was cut into several messages, or
 * a question of which the answer was blocked, and is gone. It is taken up if the answer speaks of half of its words, once each,
 * or if the last words name nothing at all and the answer is more than a courtesy. Before there is an answer, it is where the last
 * words name nothing, or the same.
 *
 * @param text what the turns say, oldest first, each on a line of its own
 * @param turns how many they are
 */
record RelevantTurns(String text, int turns) {
    private static final RelevantTurns NONE = new RelevantTurns("", 0);

    /** As many turns are looked at for each that may be read: turns that name nothing do not use up the others' places. */
    private static final int LOOK_BACK = 16;
    /** The words from which on an answer is more than a courtesy. */
    private static final int LONG_ANSWER = 8;
    /** The same where what it may be about has no answer yet. */
    private static final int SHORT_ANSWER = 3;

    private static final int FEW_MENTIONS = 2;
    private static final int MANY_MENTIONS = 4;
    /** How many chars one turn may use up without regard to the others. */
    private static final int SMALL_SHARE = 500;

    /** A turn that may be taken up. */
    private record Candidate(String text, Set<String> words, boolean answered) {}

    /** Returns the context of a response to an instruction. */
    static RelevantTurns of(List<Turn> earlier, String instruction, String response, ContextLimits limits) {
        List<Candidate> candidates = candidates(earlier, limits);
        if (candidates.isEmpty()) {
            return NONE;
        }
        Set<String> named = ContentWords.of(instruction);
        Set<String> wanted = new HashSet<>(named);
        candidates.forEach(candidate -> wanted.addAll(candidate.words()));
        ContentWords.Mentions mentions = ContentWords.mentions(response, wanted);
        boolean elliptic = named.size() <= 1 && named.stream().noneMatch(mentions::has);
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            boolean close = !candidate.answered() || i == candidates.size() - 1;
            boolean must = close
                    && named.isEmpty()
                    && mentions.distinctWords() >= (candidate.answered() ? LONG_ANSWER : SHORT_ANSWER);
            if (must || takesUp(mentions, candidate, named, elliptic)) {
                taken.add(candidate.text());
            }
        }
        return of(taken);
    }

    /** Returns the context of an instruction that has no answer yet: only of what had none before it, either. */
    static RelevantTurns ofInstruction(List<Turn> earlier, String instruction, ContextLimits limits) {
        int first = earlier.size();
        while (first > 0 && earlier.get(first - 1).role() == Role.USER && earlier.size() - first <= lookBack(limits)) {
            first--;
        }
        Set<String> named = ContentWords.of(instruction);
        return of(candidates(earlier.subList(first, earlier.size()), limits).stream()
                .filter(candidate -> named.isEmpty() || !Collections.disjoint(named, candidate.words()))
                .map(Candidate::text)
                .toList());
    }

    private static RelevantTurns of(List<String> taken) {
        return new RelevantTurns(String.join("\n", taken), taken.size());
    }

    private static long lookBack(ContextLimits limits) {
        return (long) LOOK_BACK * limits.turns();
    }

    /** Returns the turns that may be taken up, the oldest first. What names nothing uses up nothing, and no turn most of it. */
    private static List<Candidate> candidates(List<Turn> earlier, ContextLimits limits) {
        List<Candidate> candidates = new ArrayList<>();
        int left = limits.characters();
        int share = Math.max(left - left / 2, Math.min(left, SMALL_SHARE));
        long oldest = earlier.size() - lookBack(limits);
        boolean answered = false;
        for (int i = earlier.size() - 1; i >= Math.max(0, oldest) && left > 0; i--) {
            Turn turn = earlier.get(i);
            if (turn.role() != Role.USER) {
                answered = true;
                continue;
            }
            String text = Texts.abridged(turn.text(), Math.min(left, share));
            Set<String> words = ContentWords.of(text);
            if (!words.isEmpty()) {
                left -= text.length() + 1;
                candidates.add(0, new Candidate(text, words, answered));
                if (candidates.size() == limits.turns()) {
                    break;
                }
            }
        }
        return candidates;
    }

    private static boolean takesUp(
            ContentWords.Mentions mentions, Candidate candidate, Set<String> named, boolean elliptic) {
        int words = 0;
        int mentioned = 0;
        int times = 0;
        for (String word : candidate.words()) {
            if (!named.contains(word)) {
                words++;
                mentioned += mentions.has(word) ? 1 : 0;
                times += Math.min(2, mentions.times(word));
            }
        }
        if (elliptic) {
            return mentioned > 0;
        }
        int enough = candidate.answered() ? FEW_MENTIONS : 1;
        return times >= MANY_MENTIONS || (times >= enough && 2 * mentioned >= words);
    }

    /** Returns an instruction with this context before it. */
    String before(String instruction) {
        return text + "\n" + instruction;
    }

    /** Returns the number of turns, never their text: it may be private. */
    @Override
    public String toString() {
        return "Context[turns=" + turns + "]";
    }
}
