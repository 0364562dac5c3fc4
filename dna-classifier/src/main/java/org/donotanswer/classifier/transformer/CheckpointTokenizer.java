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
 * several sequences, each of which repeats the instruction; anything beyond the last window is cut, or the middle if the
 * last windows are for the end. Text is also cut after 256 characters per token that could be kept, but not before 65,536
 * characters, because long runs of spaces or letters yield few tokens ({@link TextEnds}).
 *
 * <p>A lone surrogate is read as U+FFFD. In {@link InputFormat#SEPARATED_STRING}, if the tokenizer has no token for
 * {@code [SEP]} but reads it as plain text, a {@code [SEP]} in the instruction or response is read as {@code [ SEP ]};
 * if the tokenizer's normalizer turns other text into a separator, the last token of that separator is dropped.
 *
 * <p>Thread-safe.
 */
final class CheckpointTokenizer implements AutoCloseable {
    private static final long[] EMPTY = {};

    private final TokenizerFile file;
    private final NativeTokenizer tokenizer;
    private final TokenizerOptions options;
    private final int maxTokens;

    /** The tokens between instruction and response in a separated string. */
    private final long[] separator;

    /** The token sequences with which a text could fake the separator: with and without the preceding space. */
    private final List<long[]> fakeSeparators;

    private final SequenceTemplate template;
    private final TextEnds ends;
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
        ends = new TextEnds(this::ids, file.splitsAtSpaces());
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
        return of(
                TokenizerFile.read(directory, settings),
                settings,
                options,
                directory.resolve(TokenizerFile.NAME).toString());
    }

    /**
     * Returns the tokenizer of a file with its settings.
     *
     * @param where what messages call the file
     * @throws CheckpointException if the native code does not accept it, or does not read texts as it should
     * @throws IllegalArgumentException as {@link #open} says
     */
    static CheckpointTokenizer of(
            TokenizerFile file, TokenizerSettings settings, TokenizerOptions options, String where)
            throws CheckpointException {
        int maxTokens = settings.limit(options.maxTokens());
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
        TextEnds.Part beginning = instruction(instruction);
        String read = spaced(options.format() == InputFormat.INSTRUCTION_ONLY ? instruction : response);
        TextEnds.Both ends =
                this.ends.both(read, maxResponseTokens(options.maxWindows()), maxResponseTokens(options.lastWindows()));
        long[] first = beginning.ids();
        // The end of a response takes as much as its beginning, of which few tokens may have been read.
        int second = ends.isCut() && options.lastWindows() > 0 ? contentTokens : ends.first().length;
        int firstKept = first.length + second <= contentTokens
                ? first.length
                : Math.min(first.length, Math.max(maxInstructionTokens(), contentTokens - second));
        return windows(Arrays.copyOf(first, firstKept), ends, firstKept < first.length || beginning.isCut());
    }

    /** Returns the windows of a response after the tokens that each of them begins with. */
    private EncodedText windows(long[] before, TextEnds.Both ends, boolean instructionCut) {
        int width = contentTokens - before.length;
        int step = width - options.windowOverlap();
        long[] first = ends.first();
        int firstWindows = options.maxWindows() - options.lastWindows();
        boolean fits =
                !ends.isCut() && (first.length <= width || first.length <= width + (options.maxWindows() - 1L) * step);
        List<TokenSequence> windows = new ArrayList<>();
        add(windows, before, first, 0, fits ? options.maxWindows() : firstWindows, step);
        if (fits) {
            return new EncodedText(windows, instructionCut, false);
        }
        if (options.lastWindows() > 0) {
            long[] last = ends.last();
            int tokens = Math.min(last.length, width + (options.lastWindows() - 1) * step);
            add(windows, before, last, last.length - tokens, options.lastWindows(), step);
        }
        return new EncodedText(windows, instructionCut, true);
    }

    /** Adds the windows of a response from a token on, at most so many. */
    private void add(List<TokenSequence> windows, long[] before, long[] response, int from, int max, int step) {
        int width = contentTokens - before.length;
        for (int window = 0, start = from; window < max; window++, start += step) {
            int end = Math.min(start + width, response.length);
            windows.add(sequence(before, Arrays.copyOfRange(response, start, end)));
            if (end == response.length) {
                return;
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

    /** Returns how many tokens of a response at most are in so many windows. */
    private long maxResponseTokens(int windows) {
        return (long) windows * contentTokens;
    }

    private TextEnds.Part instruction(String text) {
        return switch (options.format()) {
            case RESPONSE_ONLY, INSTRUCTION_ONLY -> TextEnds.Part.NONE;
            case PAIR -> ends.first(text, contentTokens + 1L);
            case SEPARATED_STRING ->
                file.separator()
                        .map(token ->
                                ends.first(token.stripsLeft() ? text.stripTrailing() : text + " ", contentTokens + 1L))
                        .orElseGet(() -> ends.first(text, contentTokens + 1L));
        };
    }

    /** Returns a response as it stands after the separator. */
    private String spaced(String text) {
        if (options.format() != InputFormat.SEPARATED_STRING) {
            return text;
        }
        boolean strips = file.separator().isPresent() && file.separator().get().stripsRight();
        return strips ? text.stripLeading() : " " + text;
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
