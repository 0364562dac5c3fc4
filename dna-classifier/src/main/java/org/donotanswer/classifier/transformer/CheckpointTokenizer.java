package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * Makes token ids of an exchange, as the tokenizer of a Hugging Face checkpoint does, with three differences: a text cannot
 * hold special tokens, for their names in it are read as text; nothing is cut or padded because {@code tokenizer.json} says
 * so; and what is cut is reported.
 *
 * <p>Where instruction and response do not fit, their ends are cut: the instruction's beyond its share, unless the response
 * leaves it more, and then the response's. With windows, a long response is read in several sequences, each of which repeats
 * the instruction; what is beyond the last is cut. So is what comes after 256 characters for each token that could be kept,
 * but 65,536 at least: long runs of spaces or letters make few tokens.
 *
 * <p>A lone surrogate is read as U+FFFD. In {@link InputFormat#SEPARATED_STRING}, where the tokenizer has no token for
 * {@code [SEP]} but reads it as any text, a {@code [SEP]} of instruction or response is read as {@code [ SEP ]}; of what the
 * tokenizer's normalizer turns into one, the last token is left out.
 *
 * <p>Thread-safe.
 */
final class CheckpointTokenizer implements AutoCloseable {
    private static final long[] EMPTY = {};

    /** A long text is read in pieces of this many characters for each token that is needed; four or five are usual. */
    private static final int FIRST_PIECE_CHARS_PER_TOKEN = 8;

    private static final int MIN_FIRST_PIECE_CHARS = 1_024;

    /**
     * No more than this many characters for each token that is needed are read at all: there is no end to the spaces, or to the
     * letters of one word, that may make no token or one. Few vocabularies have a token of more than 128.
     */
    private static final int MAX_CHARS_PER_TOKEN = 256;

    private static final int MIN_CHAR_LIMIT = 65_536;

    /** The first tokens of a text, and whether more of the text was left unread. */
    private record Prefix(long[] ids, boolean cut) {}

    private final TokenizerFile file;
    private final NativeTokenizer tokenizer;
    private final TokenizerOptions options;
    private final int maxTokens;

    /** What stands between instruction and response in a separated string. */
    private final long[] separator;

    /** What a text could fake that with: its tokens with and without the space before it. */
    private final List<long[]> fakeSeparators;

    private final SequenceTemplate template;

    /** How many tokens instruction and response have together. */
    private final int contentTokens;

    private CheckpointTokenizer(
            TokenizerFile file, NativeTokenizer tokenizer, TokenizerOptions options, int maxTokens) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.options = options;
        this.maxTokens = maxTokens;
        separator = options.format() != InputFormat.SEPARATED_STRING
                ? EMPTY
                : file.separator()
                        .map(token -> new long[] {token.id()})
                        .orElseGet(() -> tokenizer.encode(" " + TokenizerFile.SEPARATOR));
        fakeSeparators = options.format() != InputFormat.SEPARATED_STRING
                        || file.separator().isPresent()
                ? List.of()
                : List.of(separator, tokenizer.encode(TokenizerFile.SEPARATOR));
        template = options.format() == InputFormat.PAIR
                ? file.templates().pair()
                : file.templates().single();
        contentTokens = maxTokens - template.specials() - separator.length;
    }

    /**
     * Opens the tokenizer of a checkpoint.
     *
     * @throws CheckpointException if {@code tokenizer.json} is missing, damaged, or of a kind that is not known
     * @throws IllegalArgumentException if the tokens of the options are too few for the format, or their windows overlap
     *     too much
     */
    static CheckpointTokenizer open(Path directory, TokenizerOptions options) throws IOException {
        TokenizerFile file = TokenizerFile.read(directory);
        int maxTokens = TokenizerFile.limit(directory, options.maxTokens());
        String where = directory.resolve(TokenizerFile.NAME).toString();
        if (options.format() == InputFormat.PAIR && !file.templates().pair().separates()) {
            throw new CheckpointException(
                    "post_processor must put a token between the texts of a pair, but did not (" + where + ")");
        }
        NativeTokenizer tokenizer = load(file, where);
        boolean opened = false;
        try {
            CheckpointTokenizer checkpoint = new CheckpointTokenizer(file, tokenizer, options, maxTokens);
            checkpoint.checkOptions();
            opened = true;
            return checkpoint;
        } finally {
            if (!opened) {
                tokenizer.close();
            }
        }
    }

    /** Loads the native tokenizer, and tries whether it takes the names of special tokens for text. */
    private static NativeTokenizer load(TokenizerFile file, String where) throws CheckpointException {
        NativeTokenizer tokenizer;
        try {
            tokenizer = NativeTokenizer.of(file.textJson());
        } catch (RuntimeException e) {
            // the one kind that the native code throws
            throw new CheckpointException("tokenizer must be one that can be loaded, but was not (" + where + ")", e);
        }
        try {
            String names = String.join(" ", file.specialNames());
            for (long id : tokenizer.encode(wellFormed(names) + " \uD83D\uDE42 \uDBFF\uDFFD")) {
                if (file.specialIds().contains(id)) {
                    throw new CheckpointException(
                            "special token must not be made of text, but was " + id + " (" + where + ")");
                }
            }
            return tokenizer;
        } catch (CheckpointException e) {
            tokenizer.close();
            throw e;
        } catch (RuntimeException e) {
            tokenizer.close();
            throw new CheckpointException("tokenizer must read any text, but did not (" + where + ")", e);
        }
    }

    private void checkOptions() {
        int smallest = maxTokens - contentTokens + (options.format() == InputFormat.RESPONSE_ONLY ? 1 : 2);
        if (maxTokens < smallest) {
            throw new IllegalArgumentException("maxTokens must be at least " + smallest + " for " + options.format()
                    + " with this tokenizer, but was " + maxTokens);
        }
        int narrowest = contentTokens - maxInstructionTokens();
        if (options.maxWindows() > 1 && options.windowOverlap() >= narrowest) {
            throw new IllegalArgumentException("windowOverlap must be less than " + narrowest + " for "
                    + options.format() + " with " + maxTokens + " tokens, but was " + options.windowOverlap());
        }
    }

    /** Returns the most tokens in a sequence, incl. specials: those of the options, or fewer if the checkpoint says so. */
    int maxTokens() {
        return maxTokens;
    }

    /** Returns the highest segment that the format gives a token. */
    long highestType() {
        return template.highestType();
    }

    /** Returns the options that this was opened with. */
    TokenizerOptions options() {
        return options;
    }

    /** Returns the highest id of a token and one: the rows that the model's embeddings must have at least. */
    int vocabularySize() {
        return file.vocabularySize();
    }

    /**
     * Returns the tokens of an exchange; {@link InputFormat#RESPONSE_ONLY} ignores the instruction.
     *
     * @throws TokenizationException if the tokenizer fails on it, or makes no token of it
     * @throws IllegalStateException if this is closed
     */
    EncodedText encode(String instruction, String response) {
        Objects.requireNonNull(instruction, "instruction");
        Objects.requireNonNull(response, "response");
        Prefix instructionPrefix = instruction(instruction);
        Prefix responsePrefix = response(response);
        long[] first = instructionPrefix.ids;
        long[] second = responsePrefix.ids;
        int firstKept = first.length + second.length <= contentTokens
                ? first.length
                : Math.min(first.length, Math.max(maxInstructionTokens(), contentTokens - second.length));
        long[] before = Arrays.copyOf(first, firstKept);
        int width = contentTokens - firstKept;
        boolean truncated = firstKept < first.length || instructionPrefix.cut || responsePrefix.cut;
        List<TokenSequence> windows = new ArrayList<>();
        for (int start = 0; ; start += width - options.windowOverlap()) {
            int end = Math.min(start + width, second.length);
            windows.add(sequence(before, Arrays.copyOfRange(second, start, end)));
            if (end == second.length) {
                return new EncodedText(windows, truncated);
            }
            if (windows.size() == options.maxWindows()) {
                return new EncodedText(windows, true);
            }
        }
    }

    private TokenSequence sequence(long[] first, long[] second) {
        if (first.length + second.length + template.specials() + separator.length == 0) {
            throw new TokenizationException("text must have a token, but had none");
        }
        return options.format() == InputFormat.PAIR
                ? template.fill(first, second)
                : template.fill(concat(first, separator, second), EMPTY);
    }

    private static long[] concat(long[]... parts) {
        return Arrays.stream(parts).flatMapToLong(Arrays::stream).toArray();
    }

    /** How many tokens the instruction has at most where the response needs the rest; at least one is left to it. */
    private int maxInstructionTokens() {
        return options.format() == InputFormat.RESPONSE_ONLY
                ? 0
                : Math.min(contentTokens - 1, Math.max(1, (int) (contentTokens * options.maxInstructionRatio())));
    }

    private Prefix instruction(String text) {
        return switch (options.format()) {
            case RESPONSE_ONLY -> new Prefix(EMPTY, false);
            case PAIR -> prefix(text, contentTokens + 1L);
            case SEPARATED_STRING ->
                file.separator()
                        .map(token ->
                                prefix(token.stripsLeft() ? text.stripTrailing() : text + " ", contentTokens + 1L))
                        .orElseGet(() -> prefix(text, contentTokens + 1L));
        };
    }

    private Prefix response(String text) {
        long needed = contentTokens + 1L + (options.maxWindows() - 1L) * contentTokens;
        boolean spaced = options.format() == InputFormat.SEPARATED_STRING;
        if (spaced && file.separator().isPresent() && file.separator().get().stripsRight()) {
            return prefix(text.stripLeading(), needed);
        }
        return prefix(spaced ? " " + text : text, needed);
    }

    /**
     * Returns the tokens of a text, or where it has more than are needed, the first of them: as many at least. The beginning
     * of a long text is tokenized up to a space, where a token ends whatever follows, and twice as much of it if that gave too
     * few. What does not split at spaces is tokenized whole, up to the most that is read; its tokens next to that place, but
     * no others, may depend on what follows, and they are far beyond those that are needed.
     */
    private Prefix prefix(String text, long needed) {
        long most = Math.max(MIN_CHAR_LIMIT, needed * MAX_CHARS_PER_TOKEN);
        long end = Math.max(MIN_FIRST_PIECE_CHARS, needed * FIRST_PIECE_CHARS_PER_TOKEN);
        for (; file.splitsAtSpaces() && end < Math.min(most, text.length()); end *= 2) {
            int cut = lastWordEnd(text, (int) end);
            if (cut > 0) {
                long[] ids = ids(text.substring(0, cut));
                if (ids.length >= needed) {
                    return new Prefix(ids, true);
                }
            }
        }
        if (text.length() <= most) {
            return new Prefix(ids(text), false);
        }
        int cut = lastWordEnd(text, (int) most);
        if (cut <= 0) {
            cut = Character.isHighSurrogate(text.charAt((int) most - 1)) ? (int) most - 1 : (int) most;
        }
        return new Prefix(ids(text.substring(0, cut)), true);
    }

    /** Returns the last place, in the half before an end, of a space that follows a visible character; or -1. */
    private static int lastWordEnd(String text, int end) {
        for (int i = end; i > end / 2; i--) {
            char before = text.charAt(i - 1);
            boolean visible = (before > ' ' && before < 0x7f) || Character.isLetterOrDigit(before);
            if (visible && text.charAt(i) == ' ') {
                return i;
            }
        }
        return -1;
    }

    /** Returns the tokens of a text, none of which make a separator, whatever the tokenizer makes one of. */
    private long[] ids(String text) {
        long[] ids = tokenizer.encode(withoutSeparators(text));
        for (long[] fake : fakeSeparators) {
            for (int at = indexOf(ids, fake); at >= 0; at = indexOf(ids, fake)) {
                ids = concat(
                        Arrays.copyOf(ids, at + fake.length - 1),
                        Arrays.copyOfRange(ids, at + fake.length, ids.length));
            }
        }
        return ids;
    }

    private static int indexOf(long[] ids, long[] run) {
        for (int at = 0; run.length > 1 && at + run.length <= ids.length; at++) {
            if (Arrays.equals(ids, at, at + run.length, run, 0, run.length)) {
                return at;
            }
        }
        return -1;
    }

    private String withoutSeparators(String text) {
        String separated = options.format() == InputFormat.SEPARATED_STRING
                        && file.separator().isEmpty()
                ? text.replace(TokenizerFile.SEPARATOR, "[ SEP ]")
                : text;
        return wellFormed(separated);
    }

    /** One lone surrogate would make the native code misread the whole text. */
    private static String wellFormed(String text) {
        int i = 0;
        while (i < text.length() && !Character.isSurrogate(text.charAt(i))) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length()).append(text, 0, i);
        while (i < text.length()) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            result.appendCodePoint(
                    point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point);
        }
        return result.toString();
    }

    /** Frees the native memory; a second call does nothing. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
