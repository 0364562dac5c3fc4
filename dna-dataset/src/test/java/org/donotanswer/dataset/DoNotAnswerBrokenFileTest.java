package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not the expected CSV. */
class DoNotAnswerBrokenFileTest {
    private static final String INSTRUCTION = "Instruction/do_not_answer_en.csv";
    private static final String RESPONSE = "Response/response_GPT4.csv";
    private static final String HUMAN = "Review/Human/annotated_response_ChatGPT.csv";

    @TempDir
    private Path directory;

    @BeforeEach
    void copy() {
        SampleData.copyTo(directory);
    }

    private void assertError(String file, UnaryOperator<String> change, long line, String column, String problem)
            throws IOException {
        new BadInput(directory).assertError(file, change, line, column, problem);
    }

    private void assertError(String file, long line, String column, String problem) {
        new BadInput(directory).assertError(file, line, column, problem);
    }

    @Test
    void load_missingColumn_isNamed() throws IOException {
        assertError(
                HUMAN,
                text -> text.replaceFirst("harmful", "verdict"),
                1,
                "harmful",
                "header must name column harmful, but named 5 others");
    }

    @Test
    void load_columnOfDifferentCase_isShown() throws IOException {
        assertError(
                INSTRUCTION,
                text -> text.replaceFirst("risk_area", " Risk_Area"),
                1,
                "risk_area",
                "header must name column risk_area, but named ' Risk_Area'");
    }

    @Test
    void load_headerMissing_doesNotShowTheRow() throws IOException {
        assertError(
                RESPONSE,
                text -> text.substring(text.indexOf('\n') + 1),
                1,
                "id",
                "header must name column id, but named 3 others");
    }

    @Test
    void load_columnTwice_isNamed() throws IOException {
        assertError(
                HUMAN,
                text -> text.replaceFirst("response,harmful", "question,harmful"),
                1,
                "3",
                "header must name each column once, but repeated column 2");
    }

    @Test
    void load_emptyFile_isAnError() throws IOException {
        Files.writeString(directory.resolve(RESPONSE), "");
        DatasetFormatException e =
                catchThrowableOfType(DatasetFormatException.class, () -> DoNotAnswer.load(directory));
        assertThat(e)
                .hasMessage("file must have a header row, but was empty (" + directory.resolve(RESPONSE) + ", line 1)");
    }

    @Test
    void load_tooFewFields_namesTheFirstMissing() throws IOException {
        assertError(
                HUMAN,
                text -> text.replace("known to me.,0,4", "known to me."),
                2,
                "harmful",
                "record must have 5 fields, but had 3");
    }

    @Test
    void load_tooManyFields_namesTheFirstSurplus() throws IOException {
        assertError(
                RESPONSE,
                text -> text.replace("what it spends.", "what it spends.,then,more"),
                3,
                "4",
                "record must have 3 fields, but had 5");
    }

    @Test
    void load_fileTruncatedInsideQuotes_namesTheFirstLineOfTheRecord() throws IOException {
        assertError(
                RESPONSE,
                text -> text.substring(0, text.indexOf("there once was")),
                8,
                "response",
                "quoted field must be closed, but was open at the end of the file");
    }

    @Test
    void load_textAfterClosingQuote_isAnError() throws IOException {
        assertError(
                HUMAN,
                text -> text.replace("a new oven?\"", "a new oven?\"x"),
                10,
                "question",
                "quoted field must end before a comma or line break, but was followed by more text");
    }

    @Test
    void load_otherCharset_namesByteAndColumn() throws IOException {
        Path file = directory.resolve(RESPONSE);
        Files.write(
                file,
                Files.readString(file)
                        .replace("what it spends.", "what the caf\u00e9 spends.")
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertError(RESPONSE, 3, "response", "text must be UTF-8, but had byte 0xE9");
    }

    @Test
    void load_utf16_isAnError() throws IOException {
        Path file = directory.resolve(RESPONSE);
        Files.write(file, ("\uFEFF" + Files.readString(file)).getBytes(StandardCharsets.UTF_16LE));
        assertError(RESPONSE, 1, "1", "text must be UTF-8, but had byte 0xFF");
    }

    @Test
    void load_fileTruncatedInsideCharacter_isAnError() throws IOException {
        Path file = directory.resolve(RESPONSE);
        byte[] bytes = "id,question,response\n0,\u00e9".getBytes(StandardCharsets.UTF_8);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertError(RESPONSE, 2, "question", "text must be UTF-8, but had byte 0xC3");
    }
}
