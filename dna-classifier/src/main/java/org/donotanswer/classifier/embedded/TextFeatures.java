package org.donotanswer.classifier.embedded;

/** Takes the features of texts: normalizes, tokenizes, extracts. Not thread-safe; made to be reused. */
public final class TextFeatures {
    private final TextNormalizer text = new TextNormalizer();
    private final Tokens tokens = new Tokens();
    private final ResponseFeatures responses = new ResponseFeatures();
    private final InstructionFeatures instructions = new InstructionFeatures();
    private final FeatureKeys responseKeys = new FeatureKeys(ResponseView.COUNT);
    private final FeatureKeys instructionKeys = new FeatureKeys(InstructionView.COUNT);

    /** Makes an instance with fresh working memory. */
    public TextFeatures() {}

    /** Returns the features of a response; they are valid until the next call. */
    public FeatureKeys ofResponse(String response) {
        read(response);
        responses.extract(text, tokens, responseKeys, true);
        return responseKeys;
    }

    /** Returns the same without the characters within words, which {@link WordSums} sums from the tokens. */
    FeatureKeys ofResponseWithoutWordCharacters(String response) {
        read(response);
        responses.extract(text, tokens, responseKeys, false);
        return responseKeys;
    }

    /** Returns the words and marks of the last text. */
    Tokens tokens() {
        return tokens;
    }

    /** Returns the features of an instruction; they are valid until the next call. */
    public FeatureKeys ofInstruction(String instruction) {
        read(instruction);
        instructions.extract(text, tokens, instructionKeys);
        return instructionKeys;
    }

    private void read(String string) {
        text.normalize(string);
        tokens.tokenize(text.chars, text.length);
    }

    /** Returns whether part of the last text was not read. */
    boolean truncated() {
        return text.truncated;
    }

    /** Returns the length of the last text after normalization; 0 if it has no letter, digit or ASCII mark. */
    public int normalizedLength() {
        return text.length;
    }

    /** Returns the number of letters of the last text that are neither Latin nor accents on Latin. */
    int foreignLetters() {
        int foreign = 0;
        for (int i = 0; i < text.length; i++) {
            foreign += text.chars[i] > 0x24f ? 1 : 0;
        }
        return foreign;
    }

    /** Returns what the words of the last response tell of its language. */
    ResponseFeatures lastResponse() {
        return responses;
    }

    /** Returns the hash of the last text after normalization: texts that differ in nothing that counts have the same. */
    public long normalizedHash() {
        long hash = Hashing.BASIS;
        for (int i = 0; i < text.length; i++) {
            hash = Hashing.extend(hash, text.chars[i]);
        }
        return hash;
    }
}
