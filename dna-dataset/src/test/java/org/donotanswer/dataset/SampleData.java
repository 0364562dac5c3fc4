package org.donotanswer.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A small dataset in the published layout with invented texts. It has eight questions, one of them a duplicate, responses of
 * GPT4, ChatGPT and my-llm, no BERT reviews, and response-only reviews of GPT4 only.
 */
public final class SampleData {
    private static final List<String> FILES = List.of(
            "Instruction/do_not_answer_en.csv",
            "Response/response_ChatGPT.csv",
            "Response/response_GPT4.csv",
            "Response/response_my-llm.csv",
            "Review/GPT4/annotated_response_ChatGPT.csv",
            "Review/GPT4/annotated_response_GPT4.csv",
            "Review/Human/annotated_response_ChatGPT.csv",
            "Review/Human/annotated_response_GPT4.csv",
            "Review/Human/annotated_response_my-llm.csv",
            "Review/Longformer/annotated_response_ChatGPT.csv",
            "Review/Longformer/annotated_response_GPT4.csv",
            "Review/Longformer/annotated_response_GPT4_ro.csv",
            "data_en.csv");

    private SampleData() {}

    /** Copies the dataset to the directory, which it returns. */
    public static Path copyTo(Path directory) {
        FILES.forEach(file -> copyTo(directory, file));
        return directory;
    }

    /** Copies one file, given by its path in the layout, and returns the copy. */
    public static Path copyTo(Path directory, String file) {
        try (InputStream in = SampleData.class.getResourceAsStream("sample/" + file)) {
            Path target = directory.resolve(file);
            Files.createDirectories(target.getParent());
            Files.write(target, Objects.requireNonNull(in, file).readAllBytes());
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Edits the text of a file. */
    static void edit(Path file, UnaryOperator<String> change) throws IOException {
        String before = Files.readString(file);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new AssertionError("edit must change " + file.getFileName() + ", but did not");
        }
        Files.writeString(file, after, StandardCharsets.UTF_8);
    }
}
