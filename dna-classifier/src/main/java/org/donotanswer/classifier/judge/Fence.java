package org.donotanswer.classifier.judge;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts an untrusted text between two marked lines so that none of it can pass for what stands outside. Every line of
 * the text begins with a bar, whatever character ends lines. Inside the text, the marks, the known special tokens of
 * chat templates and invisible characters are broken up or replaced. Immutable, hence thread-safe.
 */
final class Fence {
    private static final String BAR = "| ";

    private static final Pattern LINE_END = Pattern.compile("\\R");

    /**
     * Special tokens that some servers read as the end of a turn or of a tool call even in the middle of a text:
     * anything in bars, capitals in square brackets, and in angle brackets any name of several words and the known
     * names of one word.
     */
    private static final List<Pattern> SPECIAL_TOKENS = List.of(
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
     * Invisible characters: controls except line feed and tab, unpaired surrogates, format characters (writing
     * direction, zero width, soft hyphen; but not the visible signs of Arabic and other scripts in that category),
     * fillers, variation selectors and the tags of plane 14. Joiners and the emoji selectors stay, because scripts and
     * emoji need them, but not more than two in a row.
     */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|\\p{Cs}"
            + "|[\\p{Cf}&&[^\\u200C\\u200D\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\x{110BD}\\x{110CD}]]"
            + "|[\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u2060-\\u206F\\u3164\\uFE00-\\uFE0D\\uFFA0]"
            + "|[\\uFFF0-\\uFFF8\\uFFFE\\uFFFF\\x{E0000}-\\x{E0FFF}]|[\\u200C\\u200D\\uFE0E\\uFE0F]{3,}");

    private static final String REPLACEMENT = "\uFFFD";

    private final RequestTokens tokens;
    private final int maxChars;

    /**
     * Creates a fence.
     *
     * @param maxChars how many chars of a text are kept; the middle of a longer text is left out
     */
    Fence(RequestTokens tokens, int maxChars) {
        this.tokens = tokens;
        this.maxChars = maxChars;
    }

    /** Returns the text between lines that name its role. */
    String around(String role, String text) {
        StringBuilder fenced = new StringBuilder(fenceLine("BEGIN " + role));
        if (text.length() <= maxChars) {
            appendQuoted(text, fenced);
        } else {
            int head = boundary(text, maxChars / 2);
            int tail = boundary(text, text.length() - (maxChars - maxChars / 2));
            appendQuoted(text.substring(0, head), fenced);
            String omission = String.format(Locale.ROOT, "%d CHARACTERS OF %s LEFT OUT HERE", tail - head, role);
            fenced.append('\n').append(fenceLine(omission));
            appendQuoted(text.substring(tail), fenced);
        }
        return fenced.append('\n').append(fenceLine("END " + role)).toString();
    }

    private String fenceLine(String content) {
        return "=== " + content + " " + tokens.fence() + " ===";
    }

    /** Returns an index that does not split a surrogate pair: the given one, or the one before. */
    private static int boundary(String text, int at) {
        return at > 0 && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at)) ? at - 1 : at;
    }

    private void appendQuoted(String text, StringBuilder to) {
        String safe = LINE_END.matcher(text).replaceAll("\n");
        safe = INVISIBLE.matcher(safe).replaceAll(REPLACEMENT);
        for (Pattern token : SPECIAL_TOKENS) {
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
