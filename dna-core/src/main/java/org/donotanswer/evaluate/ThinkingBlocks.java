package org.donotanswer.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.donotanswer.evaluate.ThinkingMarkup.Kind;
import org.donotanswer.evaluate.ThinkingMarkup.Marks;

/**
 * Finds blocks of thinking, like {@code <think>..</think>}, at the beginning of a text. What a tag is compared with is found once
 * for the whole text, so that the time is linear in its length whatever it holds. Not thread-safe.
 */
final class ThinkingBlocks {
    /** Bounds the time for texts with many tags. */
    private static final int MAX_CANDIDATES = 32;

    /** What the template of a chat leaves before the first block. */
    private static final Pattern TURN = Pattern.compile(
            "\\s*(?:<\\|im_start\\|>assistant|<\\|assistant\\|>|<\\|start_header_id\\|>assistant<\\|end_header_id\\|>"
                    + "|<｜Assistant｜>)\\s*",
            Pattern.CASE_INSENSITIVE);

    private static final int[] NONE = {};
    private static final List<Markup> MARKUPS = markups();

    /** All the white space before what follows: it is not looked for from each character of it, which takes quadratic time. */
    private static final String AFTER_TEXT = "(?<!\\s)\\s*+";

    /** What some models put around the answer after their thinking. */
    private static final List<Pattern[]> WRAPPERS = List.of(
            pair("<(?:answer|final_answer)>\\s*", AFTER_TEXT + "</(?:answer|final_answer)>\\s*"),
            pair("<output>\\s*", AFTER_TEXT + "</output>\\s*"),
            pair("<response>\\s*", AFTER_TEXT + "</response>\\s*"),
            pair("<solution>\\s*", AFTER_TEXT + "</solution>\\s*"),
            pair("<\\|begin_of_solution\\|>\\s*", AFTER_TEXT + "<\\|end_of_solution\\|>\\s*"),
            pair("<\\|START_RESPONSE\\|>\\s*", AFTER_TEXT + "<\\|END_RESPONSE\\|>\\s*"),
            pair("\\[BEGIN FINAL RESPONSE\\]\\s*", AFTER_TEXT + "\\[END FINAL RESPONSE\\]\\s*"));

    private final String text;
    private final CodeSpans code;
    private final Map<Markup, int[]> closes = new HashMap<>();

    ThinkingBlocks(String text) {
        this.text = text;
        this.code = new CodeSpans(text);
    }

    /** How far a kind of markup can be trusted. */
    private enum Form {
        /** May be a word of the answer: what follows is looked at. */
        TAG,
        /** Is not in any prose; begins thinking even if its end is missing. */
        TOKEN,
        /** Means thinking only together with its end. */
        PAIR
    }

    /**
     * A kind of markup.
     *
     * @param closesAlone whether a text may end the thinking that its prompt began
     */
    private record Markup(Form form, Pattern open, Pattern close, boolean closesAlone) {}

    private static List<Markup> markups() {
        List<Markup> markups = new ArrayList<>();
        for (String name : List.of("think", "thinking", "thought", "reasoning", "seed:think")) {
            markups.add(tag(name, true));
        }
        for (String name : List.of("thoughts", "scratchpad", "antthinking", "mm:think", "internal_reasoning")) {
            markups.add(tag(name, false));
        }
        markups.add(markup(Form.TAG, "\\[THINK\\]", "\\[/THINK\\]", true));
        markups.add(markup(Form.TOKEN, "◁think▷", "◁/think▷", true));
        markups.add(markup(Form.TOKEN, "<\\|begin_of_thought\\|>", "<\\|end_of_thought\\|>", true));
        markups.add(markup(Form.TOKEN, "<\\|START_THINKING\\|>", "<\\|END_THINKING\\|>", true));
        markups.add(markup(
                Form.TOKEN,
                "<\\|(?:think|thinking|thought|reasoning)\\|>",
                "<\\|/(?:think|thinking|thought|reasoning)\\|>",
                true));
        markups.add(markup(Form.TOKEN, "<\\|channel>(?:thought|analysis)", "<channel\\|>", false));
        markups.add(markup(Form.TOKEN, "<unused94>thought", "<unused95>", false));
        markups.add(markup(Form.PAIR, "<details\\s+type=\"reasoning\"[^<>]{0,200}>", "</details>", false));
        markups.add(markup(Form.PAIR, "```(?:think|thinking|thought|reasoning)\\s*?\\n", "\\n```(?=\\s|$)", false));
        markups.add(
                markup(Form.PAIR, "(?:Here is|Here's) my thought process:", "(?:Here is|Here's) my response:", false));
        // Closed by the markup of the answer, which is removed with it.
        markups.add(markup(Form.PAIR, "Here are my reasoning steps:", "(?=\\[BEGIN FINAL RESPONSE\\])", false));
        // Channels of which a server removed the special tokens.
        markups.add(
                new Markup(Form.PAIR, Pattern.compile("analysis(?=[A-Z])"), Pattern.compile("assistantfinal"), false));
        return List.copyOf(markups);
    }

    private static Markup tag(String name, boolean closesAlone) {
        return markup(Form.TAG, "<\\s?" + name + "(?:\\s[^<>]{0,200})?>", "<\\s?/\\s?" + name + "\\s?>", closesAlone);
    }

    private static Markup markup(Form form, String open, String close, boolean closesAlone) {
        Pattern[] patterns = pair(open, close);
        return new Markup(form, patterns[0], patterns[1], closesAlone);
    }

    private static Pattern[] pair(String open, String close) {
        return new Pattern[] {
            Pattern.compile(open, Pattern.CASE_INSENSITIVE), Pattern.compile(close, Pattern.CASE_INSENSITIVE)
        };
    }

    /** Returns what of a text is thinking, or its markup. */
    Marks find() {
        Marks marks = new Marks();
        Matcher turn = TURN.matcher(text);
        int from = 0;
        int at = ThinkingMarkup.skipSpace(text, turn.lookingAt() ? turn.end() : 0);
        Optional<Block> last = Optional.empty();
        for (Optional<Block> block = blockAt(at); block.isPresent(); block = blockAt(at)) {
            last = block;
            from = mark(block.get(), marks, from);
            at = from;
        }
        if (last.isEmpty()) {
            markEnd(marks);
        } else if (from < text.length()) {
            int[] answer = unwrap(marks, from);
            markLater(last.get().markup(), marks, answer[0], answer[1]);
        }
        return marks;
    }

    /** A block of thinking; without an end if the text is cut off within it. */
    private record Block(Markup markup, int open, int begin, int end, int close, boolean cutOff) {}

    /** Marks a block that begins the rest of a text, and returns where the answer may begin. */
    private int mark(Block block, Marks marks, int from) {
        marks.mark(Kind.MARKUP, from, block.begin());
        marks.mark(Kind.THINKING, block.begin(), block.end());
        if (block.cutOff()) {
            marks.markCutOff();
        }
        int next = ThinkingMarkup.skipSpace(text, block.close());
        marks.mark(Kind.MARKUP, block.end(), next);
        return next;
    }

    private Optional<Block> blockAt(int at) {
        for (Markup markup : MARKUPS) {
            Matcher open = markup.open().matcher(text).region(at, text.length());
            if (open.lookingAt()) {
                return block(markup, open.start(), open.end());
            }
        }
        return Optional.empty();
    }

    private Optional<Block> block(Markup markup, int open, int begin) {
        boolean mention = markup.form() == Form.TAG && TagMention.mayBegin(text, begin);
        int[] found = closes(markup);
        int close = closeAfter(found, begin, mention);
        if (close >= 0) {
            return Optional.of(new Block(markup, open, begin, found[close], found[close + 1], false));
        }
        if (mention || markup.form() == Form.PAIR) {
            return Optional.empty();
        }
        return Optional.of(new Block(markup, open, begin, text.length(), text.length(), true));
    }

    /** Returns where each tag of the text that ends a kind of block begins and ends, one after the other. */
    private int[] closes(Markup markup) {
        return closes.computeIfAbsent(markup, each -> each.close()
                .matcher(text)
                .results()
                .flatMapToInt(result -> IntStream.of(result.start(), result.end()))
                .toArray());
    }

    /** Returns the index of the tag that ends a block: the first that is not in code, or else the first; -1 if there is none. */
    private int closeAfter(int[] found, int begin, boolean mustStandAlone) {
        int first = firstAt(found, begin);
        int last = Math.min(found.length, first + 2 * MAX_CANDIDATES);
        for (int i = first; i < last; i += 2) {
            if (mustStandAlone
                    ? TagMention.standsAlone(text, code, found[i], found[i + 1])
                    : !code.contain(begin, found[i])) {
                return i;
            }
        }
        return mustStandAlone || first == last ? -1 : first;
    }

    /** Returns the index of the first tag at or after a position. */
    private static int firstAt(int[] found, int position) {
        int low = 0;
        int high = found.length / 2;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (found[2 * middle] < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return 2 * low;
    }

    /** Marks thinking that was begun in the prompt, so that the text has only the end of it. */
    private void markEnd(Marks marks) {
        int begin = Integer.MAX_VALUE;
        int end = 0;
        for (Markup markup : MARKUPS) {
            int[] found = markup.closesAlone() ? closes(markup) : NONE;
            int close = loneClose(found);
            if (close >= 0 && found[close] < begin && !opens(markup, found[close])) {
                begin = found[close];
                end = found[close + 1];
            }
        }
        if (end > 0) {
            marks.mark(Kind.THINKING, 0, begin);
            int next = ThinkingMarkup.skipSpace(text, end);
            marks.mark(Kind.MARKUP, begin, next);
            int[] unused = unwrap(marks, next);
        }
    }

    private int loneClose(int[] found) {
        for (int i = 0; i < Math.min(found.length, 2 * MAX_CANDIDATES); i += 2) {
            if (TagMention.standsAlone(text, code, found[i], found[i + 1])) {
                return i;
            }
        }
        return -1;
    }

    private boolean opens(Markup markup, int before) {
        Matcher open = markup.open().matcher(text).region(0, before);
        for (int i = 0; i < MAX_CANDIDATES && open.find(); i++) {
            if (!code.contain(0, open.start()) && !TagMention.isQuoted(text, open.start(), open.end())) {
                return true;
            }
        }
        return false;
    }

    /** Marks the tags around the whole rest of a text, and returns where the text between them begins and ends. */
    private int[] unwrap(Marks marks, int from) {
        for (Pattern[] wrapper : WRAPPERS) {
            Matcher open = wrapper[0].matcher(text).region(from, text.length());
            if (open.lookingAt()) {
                Matcher close = wrapper[1].matcher(text).region(open.end(), text.length());
                boolean closed = close.find();
                if (closed && close.end() < text.length()) {
                    return new int[] {from, text.length()};
                }
                marks.mark(Kind.MARKUP, from, open.end());
                marks.mark(Kind.MARKUP, closed ? close.start() : text.length(), text.length());
                return new int[] {open.end(), closed ? close.start() : text.length()};
            }
        }
        return new int[] {from, text.length()};
    }

    /** Marks further blocks of a model that thinks between parts of its answer. */
    private void markLater(Markup markup, Marks marks, int from, int to) {
        Matcher open = markup.open().matcher(text).region(from, to);
        for (int i = 0; i < MAX_CANDIDATES && open.find(); i++) {
            Optional<Block> block =
                    block(markup, open.start(), open.end()).filter(each -> !each.cutOff() && each.close() <= to);
            if (block.isPresent()
                    && TagMention.beginsSentence(text, open.start())
                    && !code.contain(from, open.start())) {
                marks.mark(Kind.MARKUP, open.start(), open.end());
                marks.mark(Kind.THINKING, open.end(), block.get().end());
                marks.mark(Kind.MARKUP, block.get().end(), block.get().close());
                open.region(block.get().close(), to);
            }
        }
    }
}
