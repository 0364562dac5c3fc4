package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.internal.Utf8;

/**
 * Tokenizes exchanges as the tokenizer of a Hugging Face checkpoint does, including what its
 * {@code tokenizer_config.json} changes ({@link TokenizerSettings}), with three differences. A text cannot contain
 * special tokens, as their names are read as text. Truncation and padding settings in {@code tokenizer.json} are
 * ignored. Truncation is reported.
 *
 * <p>If instruction and response do not fit together, their ends are cut: the instruction is cut to its maximum ratio,
 * or to what the response leaves if that is more, and then the response is cut. With windows, a long response is read as
 * several sequences, each of which repeats the instruction; anything beyond the last window is cut. Text is also cut
 * after 256 characters per token that could be kept, but not before 65,536 characters, because long runs of spaces or
 * letters yield few tokens.
 *
 * <p>A lone surrogate is read as U+FFFD. In {@link InputFormat#SEPARATED_STRING}, if the tokenizer has no token for
 * {@code [SEP]} but reads it as plain text, a {@code [SEP]} in the instruction or response is read as {@code [ SEP ]};
 * if the tokenizer's normalizer turns other text into a separator, the last token of that separator is dropped.
 *
 * <p>Thread-safe.
 */
final class CheckpointTokenizer implements AutoCloseable {
    private static final long[] EMPTY = {};

    /**
     * A long text is read in pieces, the first of which has this many characters per token needed; four or five are
     * usual.
     */
    private static final int FIRST_PIECE_CHARS_PER_TOKEN = 8;

    private static final int MIN_FIRST_PIECE_CHARS = 1_024;

    /**
     * The maximum number of characters per token needed that are read at all: any number of spaces may yield no token,
     * and any number of letters in a word a single one. Few vocabularies have tokens of more than 128 characters.
     */
    private static final int MAX_CHARS_PER_TOKEN = 256;

    private static final int MIN_CHAR_LIMIT = 65_536;

    /** The first tokens of a text, and whether the rest of the text was left unread. */
    private record Prefix(long[] ids, boolean cut) {}

    private final TokenizerFile file;
    private final NativeTokenizer tokenizer;
    private final TokenizerOptions options;
    private final int maxTokens;

    /** The tokens between instruction and response in a separated string. */
    private final long[] separator;

    /** The token sequences with which a text could fake the separator: with and without the preceding space. */
    private final List<long[]> fakeSeparators;

    private final SequenceTemplate template;
    private final List<String> remarks;

    /** The maximum number of tokens of instruction and response together. */
    private final int contentTokens;

    private CheckpointTokenizer(
            TokenizerFile file,
            NativeTokenizer tokenizer,
            TokenizerOptions options,
            int maxTokens,
            List<String> remarks) {
        this.file = file;
        this.remarks = remarks;
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
     * @throws CheckpointException if {@code tokenizer.json} is missing, malformed or of an unsupported kind
     * @throws IllegalArgumentException if the options allow too few tokens for the format, or their windows overlap too
     *     much
     */
    static CheckpointTokenizer open(Path directory, TokenizerOptions options) throws IOException {
        TokenizerSettings settings = TokenizerSettings.read(directory);
        TokenizerFile file = TokenizerFile.read(directory, settings);
        int maxTokens = settings.limit(options.maxTokens());
        String where = directory.resolve(TokenizerFile.NAME).toString();
        if (options.format() == InputFormat.PAIR && !file.templates().pair().separates()) {
            throw new CheckpointException(
                    "post_processor must put a token between the texts of a pair, but did not (" + where + ")");
        }
        NativeTokenizer tokenizer = load(file, where);
        boolean opened = false;
        try {
            CheckpointTokenizer checkpoint =
                    new CheckpointTokenizer(file, tokenizer, options, maxTokens, settings.remarks());
            checkpoint.checkOptions();
            opened = true;
            return checkpoint;
        } finally {
            if (!opened) {
                tokenizer.close();
            }
        }
    }

    /** Loads the native tokenizer, and checks that it reads the names of special tokens as text. */
    private static NativeTokenizer load(TokenizerFile file, String where) throws CheckpointException {
        NativeTokenizer tokenizer;
        try {
            tokenizer = NativeTokenizer.of(file.textJson());
        } catch (RuntimeException e) {
            // The native code throws no other type.
            throw new CheckpointException("tokenizer could not be loaded (" + where + ")", e);
        }
        try {
            String names = String.join(" ", file.specialNames());
            for (long id : tokenizer.encode(wellFormed(names) + " \uD83D\uDE42 \uDBFF\uDFFD")) {
                if (file.specialIds().contains(id)) {
                    throw new CheckpointException(
                            "text must not be tokenized to a special token, but was to " + id + " (" + where + ")");
                }
            }
            return tokenizer;
        } catch (CheckpointException e) {
            tokenizer.close();
            throw e;
        } catch (RuntimeException e) {
            tokenizer.close();
            throw new CheckpointException("tokenizer must accept any text, but did not (" + where + ")", e);
        }
    }

    private void checkOptions() {
        int smallest = maxTokens - contentTokens + (options.format().isSingleText() ? 1 : 2);
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

    /**
     * Returns the maximum number of tokens in a sequence, including special tokens: that of the options, or less if the
     * checkpoint says so.
     */
    int maxTokens() {
        return maxTokens;
    }

    /** Returns remarks about settings that are not followed. */
    List<String> remarks() {
        return remarks;
    }

    /** Returns the highest token type that the format uses. */
    long highestType() {
        return template.highestType();
    }

    /** Returns the options of this tokenizer. */
    TokenizerOptions options() {
        return options;
    }

    /** Returns the highest token id plus one: the minimum number of rows of the model's embeddings. */
    int vocabularySize() {
        return file.vocabularySize();
    }

    /**
     * Returns the tokens of an exchange; {@link InputFormat#RESPONSE_ONLY} ignores the instruction, and {@link
     * InputFormat#INSTRUCTION_ONLY} the response.
     *
     * @throws TokenizationException if the tokenizer fails on the exchange, or yields no token
     * @throws IllegalStateException if this tokenizer is closed
     */
    EncodedText encode(String instruction, String response) {
        Objects.requireNonNull(instruction, "instruction");
        Objects.requireNonNull(response, "response");
        Prefix instructionPrefix = instruction(instruction);
        Prefix responsePrefix = response(options.format() == InputFormat.INSTRUCTION_ONLY ? instruction : response);
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
            throw new TokenizationException("text must have at least one token, but had none");
        }
        return options.format() == InputFormat.PAIR
                ? template.fill(first, second)
                : template.fill(concat(first, separator, second), EMPTY);
    }

    private static long[] concat(long[]... parts) {
        return Arrays.stream(parts).flatMapToLong(Arrays::stream).toArray();
    }

    /**
     * Returns the maximum number of tokens of the instruction if the response needs the rest; at least one is left to
     * the response.
     */
    private int maxInstructionTokens() {
        return options.format().isSingleText()
                ? 0
                : Math.min(contentTokens - 1, Math.max(1, (int) (contentTokens * options.maxInstructionRatio())));
    }

    private Prefix instruction(String text) {
        return switch (options.format()) {
            case RESPONSE_ONLY, INSTRUCTION_ONLY -> new Prefix(EMPTY, false);
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
     * Returns at least as many tokens of a text as needed, or all of them if there are fewer. The beginning of a long
     * text is tokenized up to a space, where a token ends whatever follows; if that yields too few tokens, twice as
     * much of the text is tokenized. A text that cannot be split at spaces is tokenized up to the maximum that is read.
     * Only its last tokens may then depend on the text that follows, and they lie far beyond the tokens needed.
     */
    private Prefix prefix(String text, long needed) {
        long max = Math.max(MIN_CHAR_LIMIT, needed * MAX_CHARS_PER_TOKEN);
        long end = Math.max(MIN_FIRST_PIECE_CHARS, needed * FIRST_PIECE_CHARS_PER_TOKEN);
        for (; file.splitsAtSpaces() && end < Math.min(max, text.length()); end *= 2) {
            int cut = lastWordEnd(text, (int) end);
            if (cut > 0) {
                long[] ids = ids(text.substring(0, cut));
                if (ids.length >= needed) {
                    return new Prefix(ids, true);
                }
            }
        }
        if (text.length() <= max) {
            return new Prefix(ids(text), false);
        }
        int cut = lastWordEnd(text, (int) max);
        if (cut <= 0) {
            cut = Character.isHighSurrogate(text.charAt((int) max - 1)) ? (int) max - 1 : (int) max;
        }
        return new Prefix(ids(text.substring(0, cut)), true);
    }

    /**
     * Returns the last index of a space after a visible character in the second half of the text before {@code end}, or
     * -1.
     */
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

    /** Returns the tokens of a text, without any separator that the tokenizer makes of it. */
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

    /** Returns the text without lone surrogates, which would make the native code misread the whole text. */
    private static String wellFormed(String text) {
        return Utf8.isWellFormed(text) ? text : Utf8.wellFormed(text);
    }

    /** Releases the native memory. Further calls have no effect. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
