package org.donotanswer.classifier.transformer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Says how to make a {@code tokenizer.json} of the files from which Python's slow tokenizers read. Stateless. */
final class SlowTokenizer {
    private static final String PYTHON =
            "AutoTokenizer.from_pretrained(directory, use_fast=True).save_pretrained(directory)";

    /** The files of one tokenizer each, all of which must be present. */
    private static final List<List<String>> FILES = List.of(
            List.of("vocab.txt"),
            List.of("vocab.json", "merges.txt"),
            List.of("spm.model"),
            List.of("sentencepiece.bpe.model"),
            List.of("spiece.model"),
            List.of("tokenizer.model"),
            List.of("sentencepiece.model"));

    private SlowTokenizer() {}

    /** Returns the message for a directory without the given {@code tokenizer.json}. */
    static String missing(Path directory, Path file) {
        String message = TokenizerFile.NAME + " must be a file, but was missing (" + file + ")";
        Optional<List<String>> found = FILES.stream()
                .filter(names -> names.stream().allMatch(name -> Files.exists(directory.resolve(name))))
                .findFirst();
        if (found.isEmpty()) {
            return message;
        }
        boolean sentencePiece = found.get().get(0).endsWith(".model");
        return message + "; create it from " + String.join(" and ", found.get()) + " with Python's transformers"
                + (sentencePiece ? ", sentencepiece and protobuf: " : ": ") + PYTHON;
    }
}
