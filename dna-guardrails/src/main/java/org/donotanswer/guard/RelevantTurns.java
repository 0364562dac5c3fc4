package org.donotanswer.guard;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.donotanswer.guard.Conversation.Role;
import org.donotanswer.guard.Conversation.Turn;

/**
 * The earlier turns of the user that an exchange takes up, and that are therefore read with it. Turns of the chatbot
 * are never among them. Immutable, hence thread-safe.
 *
 * <p>An old turn must not count against an exchange about something else. It is taken up only if the response mentions
 * what the turn names and the last message does not: half or more of its {@linkplain ContentWords content words}, with
 * at least two mentions, or four mentions, at most two of which count per word. If the last message names hardly
 * anything, and nothing that the response mentions, as in "go on", one mention is enough. If it names nothing at all,
 * a long response is assumed to be about the last turn that names something. Only as many turns and chars as the
 * limits allow are considered, the newest first.
 *
 * <p>What the user said since the chatbot last spoke may be the beginning of an instruction that was split into
 * several messages, or an instruction whose response was blocked and is gone. It is taken up if the response mentions
 * half of its words, once each, or if the last message names nothing at all and the response is more than a courtesy.
 * Before there is a response, it is taken up if the last message names nothing, or the same.
 *
 * @param text the text of the turns, oldest first, one per line
 * @param turns the number of turns
 */
record RelevantTurns(String text, int turns) {
    private static final RelevantTurns NONE = new RelevantTurns("", 0);

    /**
     * How many turns are considered for each that may be read, so that turns that name nothing do not use up the
     * places of others.
     */
    private static final int LOOK_BACK_FACTOR = 16;
    /** The number of content words from which a response is more than a courtesy. */
    private static final int MIN_WORDS_OF_RESPONSE = 8;
    /** The same for a turn that has no response yet. */
    private static final int MIN_WORDS_WITHOUT_RESPONSE = 3;

    private static final int MIN_MENTIONS_WITH_HALF = 2;
    private static final int MIN_MENTIONS = 4;
    /** How many chars one turn may always use up, whatever the others need. */
    private static final int MIN_CHARACTERS_OF_TURN = 500;

    /** A turn that may be taken up. */
    private record Candidate(String text, Set<String> words, boolean hasResponse) {}

    /** Returns the turns that a response to an instruction takes up. */
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
        List<String> takenUp = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            boolean close = !candidate.hasResponse() || i == candidates.size() - 1;
            boolean must = close
                    && named.isEmpty()
                    && mentions.distinctWords()
                            >= (candidate.hasResponse() ? MIN_WORDS_OF_RESPONSE : MIN_WORDS_WITHOUT_RESPONSE);
            if (must || takesUp(mentions, candidate, named, elliptic)) {
                takenUp.add(candidate.text());
            }
        }
        return of(takenUp);
    }

    /** Returns the turns that an instruction without a response takes up, among those that have none, either. */
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

    private static RelevantTurns of(List<String> takenUp) {
        return new RelevantTurns(String.join("\n", takenUp), takenUp.size());
    }

    private static long lookBack(ContextLimits limits) {
        return (long) LOOK_BACK_FACTOR * limits.turns();
    }

    /**
     * Returns the turns that may be taken up, oldest first. A turn that names nothing uses up no limit, and no turn
     * uses up most of it.
     */
    private static List<Candidate> candidates(List<Turn> earlier, ContextLimits limits) {
        List<Candidate> candidates = new ArrayList<>();
        int left = limits.characters();
        int limit = Math.max(left - left / 2, Math.min(left, MIN_CHARACTERS_OF_TURN));
        long oldest = earlier.size() - lookBack(limits);
        boolean hasResponse = false;
        for (int i = earlier.size() - 1; i >= Math.max(0, oldest) && left > 0; i--) {
            Turn turn = earlier.get(i);
            if (turn.role() != Role.USER) {
                hasResponse = true;
                continue;
            }
            String text = Texts.abridged(turn.text(), Math.min(left, limit));
            Set<String> words = ContentWords.of(text);
            if (!words.isEmpty()) {
                left -= text.length() + 1;
                candidates.add(0, new Candidate(text, words, hasResponse));
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
        int enough = candidate.hasResponse() ? MIN_MENTIONS_WITH_HALF : 1;
        return times >= MIN_MENTIONS || (times >= enough && 2 * mentioned >= words);
    }

    /** Returns the instruction with these turns before it. */
    String before(String instruction) {
        return text + "\n" + instruction;
    }

    /** Returns the number of turns, never their text, which may be private. */
    @Override
    public String toString() {
        return "RelevantTurns[turns=" + turns + "]";
    }
}
