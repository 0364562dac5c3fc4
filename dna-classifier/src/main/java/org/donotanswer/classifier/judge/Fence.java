package org.donotanswer.classifier.judge;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a text that nobody vouches for between two lines with a mark, so that none of it can pass for what stands outside:
 * each of its lines begins with a bar, whatever ends lines; marks, the tokens that part speakers in chatbots' own formats, as
 * far as their form is known, and characters that nobody sees are broken or replaced. Immutable, hence thread-safe.
 */
final class Fence {
    private static final String BAR = "| ";

    private static final Pattern LINE_END = Pattern.compile("\\R");

    /**
     * What some servers read as the end of a speaker's part, or as a tool's, even in the midst of a text: what stands in bars,
     * any capitals in square brackets, and in angle brackets any name of several words and the known ones of one.
     */
    private static final List<Pattern> SPEAKER_TOKENS = List.of(
            Pattern.compile("(<)([|\\uFF5C])"),
            Pattern.compile("([|\\uFF5C])(>)"),
            Pattern.compile(
                    "(\\[)(/?\\s*(?:(?i:INST\\b|(?:AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|SYSTEM_PROMPT)\\s*\\])"
                            + "|[a-z]?MASK\\]|[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*\\s*\\]))"),
            Pattern.compile("(<)(<\\s*/?SYS)", Pattern.CASE_INSENSITIVE),
            Pattern.compile(
                    "(<)(/?\\s*(?:[a-z0-9]+(?:_[a-z0-9]+)+|s|bos|eos|pad|unk|cls|sep|mask|eod|eop|sop|eot|endoftext|system"
                            + "|assistant|user|human|model|bot|developer|tools?|think|thinking|reasoning)(?=[\\s/>]))",
                    Pattern.CASE_INSENSITIVE));

    /**
     * What nobody sees: controls but for line feed and tab, unpaired surrogates, formats (directions of writing, zero width,
     * soft hyphens; not the signs of Arabic and other scripts that count as such), fillers, variation selectors and the tags
     * of plane 14. Joiners and the selectors of emoji stay, of which scripts and emoji are made, but not more than two in a
     * row.
     */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|\\p{Cs}"
            + "|[\\p{Cf}&&[^\\u200C\\u200D\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\x{110BD}\\x{110CD}]]"
            + "|[\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u2060-\\u206F\\u3164\\uFE00-\\uFE0D\\uFFA0]"
            + "|[\\uFFF0-\\uFFF8\\uFFFE\\uFFFF\\x{E0000}-\\x{E0FFF}]|[\\u200C\\u200D\\uFE0E\\uFE0F]{3,}");

    private static final String REPLACEMENT = "\uFFFD";

    private final RequestTokens tokens;
    private final int maxChars;

    /**
     * Makes a fence.
     *
     * @param maxChars how many chars of a text are kept; of a longer one, the middle is left out
     */
    Fence(RequestTokens tokens, int maxChars) {
        this.tokens = tokens;
        this.maxChars = maxChars;
    }

    /** Returns the text between fences that say what it is. */
    String around(String what, String text) {
        StringBuilder fenced = new StringBuilder(line("BEGIN " + what));
        if (text.length() <= maxChars) {
            quote(text, fenced);
        } else {
            int head = boundary(text, maxChars / 2);
            int tail = boundary(text, text.length() - (maxChars - maxChars / 2));
            quote(text.substring(0, head), fenced);
            fenced.append('\n')
                    .append(line(String.format(Locale.ROOT, "%d CHARACTERS OF %s LEFT OUT HERE", tail - head, what)));
            quote(text.substring(tail), fenced);
        }
        return fenced.append('\n').append(line("END " + what)).toString();
    }

    private String line(String says) {
        return "=== " + says + " " + tokens.fence() + " ===";
    }

    /** Moves a place between the halves of a surrogate pair to before it. */
    private static int boundary(String text, int at) {
        return at > 0 && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at)) ? at - 1 : at;
    }

    private void quote(String text, StringBuilder to) {
        String safe = LINE_END.matcher(text).replaceAll("\n");
        safe = UNSEEN.matcher(safe).replaceAll(REPLACEMENT);
        for (Pattern token : SPEAKER_TOKENS) {
            safe = token.matcher(safe).replaceAll("$1 $2");
        }
        safe = without(tokens.fence(), without(tokens.token(), safe));
        safe.lines().forEach(line -> to.append('\n').append(BAR).append(line));
    }

    private static String without(String mark, String text) {
        return Pattern.compile(Pattern.quote(mark), Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .replaceAll(Matcher.quoteReplacement(REPLACEMENT));
    }
}
