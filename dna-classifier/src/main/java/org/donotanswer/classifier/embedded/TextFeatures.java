package org.donotanswer.classifier.embedded;

/** Extracts the features of texts: normalizes, tokenizes and hashes. Not thread-safe; reusable. */
public final class TextFeatures {
    private final TextNormalizer text = new TextNormalizer();
    private final Tokens tokens = new Tokens();
    private final ResponseFeatures responses = new ResponseFeatures();
    private final InstructionFeatures instructions = new InstructionFeatures();
    private final HarmFeatures harm = new HarmFeatures();
    private final FeatureKeys harmKeys = new FeatureKeys(HarmView.COUNT);
    private final int[] blockEnds = new int[Passages.MAX_BLOCKS];
    private final FeatureKeys responseKeys = new FeatureKeys(ResponseView.COUNT);
    private final FeatureKeys instructionKeys = new FeatureKeys(InstructionView.COUNT);

    /** Creates an instance with its own working memory. */
    public TextFeatures() {}

    /** Returns the features of a response. They are valid until the next call. */
    public FeatureKeys ofResponse(String response) {
        read(response);
        responses.extract(text, tokens, responseKeys, true);
        return responseKeys;
    }

    /** Returns the features of a response without the view that {@link WordSumCache} sums from the tokens. */
    FeatureKeys ofResponseWithoutWordCharacters(String response) {
        read(response);
        responses.extract(text, tokens, responseKeys, false);
        return responseKeys;
    }

    /** Returns the words and punctuation marks of the last text. */
    Tokens tokens() {
        return tokens;
    }

    /** Returns the features of an instruction. They are valid until the next call. */
    public FeatureKeys ofInstruction(String instruction) {
        read(instruction);
        instructions.extract(text, tokens, instructionKeys);
        return instructionKeys;
    }

    /** Reads a text. */
    public void read(String string) {
        text.normalize(string);
        tokens.tokenize(text.chars, text.length);
    }

    /** Returns the harm features of the text that was last read. They are valid until the next call. */
    public FeatureKeys ofWholeText() {
        harm.extract(tokens, 0, tokens.count, harmKeys);
        return harmKeys;
    }

    /** Returns the number of passages of the text that was last read; 0 if it is too short to be divided. */
    public int passages() {
        return Passages.count(tokens, blockEnds);
    }

    /** Returns the harm features of a passage of the text that was last read. They are valid until the next call. */
    public FeatureKeys ofPassage(int number) {
        int from = number == 0 ? 0 : blockEnds[number - 1];
        harm.extract(tokens, from, blockEnds[number + 1], harmKeys);
        return harmKeys;
    }

    /** Returns whether the last text was too long to be read in full. */
    boolean truncated() {
        return text.truncated;
    }

    /** Returns the length of the last text after normalization; 0 if it has no letter, digit or ASCII punctuation. */
    public int normalizedLength() {
        return text.length;
    }

    /** Returns the number of characters of the last text beyond the Latin blocks. */
    int foreignLetters() {
        int foreign = 0;
        for (int i = 0; i < text.length; i++) {
            foreign += text.chars[i] > 0x24f ? 1 : 0;
        }
        return foreign;
    }

    /** Returns the word counts of the last response. */
    ResponseFeatures lastResponse() {
        return responses;
    }

    /** Returns the hash of the last text after normalization, the same for all texts with the same normal form. */
    public long normalizedHash() {
        long hash = Hashing.BASIS;
        for (int i = 0; i < text.length; i++) {
            hash = Hashing.extend(hash, text.chars[i]);
        }
        return hash;
    }
}
