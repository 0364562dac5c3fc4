package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that contradict the layout, the taxonomy or another file. */
class DoNotAnswerBadInputTest {
    private static final String INSTRUCTION = "Instruction/do_not_answer_en.csv";
    private static final String RESPONSE = "Response/response_GPT4.csv";
    private static final String HUMAN = "Review/Human/annotated_response_ChatGPT.csv";
    private static final String GPT4 = "Review/GPT4/annotated_response_ChatGPT.csv";
    private static final String COMBINED = "data_en.csv";

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

    @Test
    void load_noQuestions_isAnError() throws IOException {
        Files.writeString(directory.resolve(INSTRUCTION), "id,risk_area,types_of_harm,specific_harms,question\n");
        DatasetFormatException e =
                catchThrowableOfType(DatasetFormatException.class, () -> DoNotAnswer.load(directory));
        assertThat(e)
                .hasMessage("file must have at least one question, but was empty below the header ("
                        + directory.resolve(INSTRUCTION) + ", line 1)");
    }

    @Test
    void load_duplicateQuestionId_isAnError() throws IOException {
        assertError(
                INSTRUCTION,
                text -> text.replace("\n9,", "\n7,"),
                10,
                "id",
                "id must be unique, but was 7 as on a previous line");
    }

    @Test
    void load_duplicateResponseId_isAnError() throws IOException {
        assertError(
                RESPONSE, text -> text.replace("\n9,", "\n1,"), 12, "id", "id must be unique, but was 1 as on line 3");
    }

    @Test
    void load_duplicatedRowOfDuplicatedQuestion_isAnError() throws IOException {
        assertError(
                HUMAN,
                text -> text
                        + text.lines()
                                .filter(line -> line.startsWith("4,"))
                                .findFirst()
                                .orElseThrow() + "\n",
                11,
                "id",
                "id must be unique, but was 4 as on line 5");
    }

    @Test
    void load_idTwiceWithUnknownResponse_isAnError() throws IOException {
        assertError(
                GPT4,
                text -> text.replace("The vault is a legend", "The vault is a fable"),
                5,
                "id",
                "id must be unique, but was 4 as on line 4");
    }

    @Test
    void load_emptyId_isAnError() throws IOException {
        assertError(
                RESPONSE,
                text -> text.replace("\n5,", "\n,"),
                6,
                "id",
                "id must be a whole number of at least 0, but was ''");
    }

    @Test
    void load_negativeId_isAnError() throws IOException {
        assertError(
                INSTRUCTION,
                text -> text.replace("\n5,", "\n-5,"),
                6,
                "id",
                "id must be a whole number of at least 0, but was '-5'");
    }

    @Test
    void load_unknownId_isAnError() throws IOException {
        assertError(
                HUMAN, text -> text.replace("\n9,", "\n10,"), 10, "id", "id must be that of a question, but was 10");
    }

    @Test
    void load_missingRow_namesTheFollowingRow() throws IOException {
        assertError(
                HUMAN,
                text -> text.replaceFirst("\n1,.*\n", "\n"),
                3,
                "id",
                "file must have a row for each of the 8 questions, but lacked 1, the first id 1");
    }

    @Test
    void load_fileTruncatedBetweenRows_namesTheLastRow() throws IOException {
        assertError(
                COMBINED,
                text -> text.substring(0, text.indexOf("\n8,") + 1),
                8,
                "id",
                "file must have a row for each of the 8 questions, but lacked 2, the first id 8");
    }

    @Test
    void load_harmfulOutOfRange_isAnError() throws IOException {
        assertError(
                HUMAN,
                text -> text.replace("known to me.,0,4", "known to me.,2,4"),
                2,
                "harmful",
                "harmful must be a whole number in 0..1, but was '2'");
    }

    @Test
    void load_actionOutOfRange_isAnError() throws IOException {
        assertError(
                HUMAN,
                text -> text.replace("rather not.,0,0", "rather not.,0,6"),
                8,
                "action",
                "action must be a whole number in 0..5, but was '6'");
    }

    @Test
    void load_gpt4ActionOutOfRange_isAnError() throws IOException {
        assertError(
                GPT4,
                text -> text.replace("rather not.,0,", "rather not.,7,"),
                8,
                "action",
                "action must be a whole number in -1..6, but was '7'");
    }

    @Test
    void load_textInsteadOfNumber_isNotShown() throws IOException {
        assertError(
                HUMAN,
                text -> text.replace("rather not.,0,0", "rather not.,a very long story,0"),
                8,
                "harmful",
                "harmful must be a whole number in 0..1, but was a text of 17 characters");
    }

    @Test
    void load_combinedLabelOutOfRange_namesTheLlmsColumn() throws IOException {
        assertError(
                COMBINED,
                text -> text.replace("what it spends.,0,4", "what it spends.,0,9"),
                3,
                "GPT4_action",
                "GPT4_action must be a whole number in 0..5, but was '9'");
    }

    @Test
    void load_unknownLabel_isShownWithASuggestion() throws IOException {
        assertError(
                INSTRUCTION,
                text -> text.replaceFirst("Adult Content", "Adult Contents"),
                8,
                "types_of_harm",
                "harm type must be a known label, but was 'Adult Contents' (did you mean 'Adult Content'?)");
    }

    @Test
    void load_harmOfOtherType_isAnError() throws IOException {
        assertError(
                INSTRUCTION,
                text -> text.replaceFirst("Adult Content,", "Assisting illegal activities,"),
                8,
                "types_of_harm",
                "harm type of EXPLICIT_SEXUAL_CONTENT must be ADULT_CONTENT, but was ILLEGAL_ACTIVITIES");
    }

    @Test
    void load_typeOfOtherArea_isAnError() throws IOException {
        assertError(
                INSTRUCTION,
                text -> text.replaceFirst("1,Information Hazards", "1,Malicious Uses"),
                3,
                "risk_area",
                "risk area of SENSITIVE_ORGANIZATION_INFORMATION must be INFORMATION_HAZARDS, but was MALICIOUS_USES");
    }

    @Test
    void load_blankQuestion_isAnError() throws IOException {
        assertError(
                INSTRUCTION,
                text -> text.replace("Are you sad when I close the window?", " "),
                9,
                "question",
                "question must have text, but was blank");
    }

    @Test
    void load_otherQuestionUnderTheId_isAnError() throws IOException {
        assertError(
                HUMAN,
                text -> text.replace("Write a limerick", "Compose a limerick"),
                8,
                "question",
                "question must be that of id 7 in the question file, but was a different text");
    }

    @Test
    void load_otherResponseUnderReview_isAnError() throws IOException {
        assertError(
                HUMAN,
                text -> text.replace("I would rather not.", "I would rather not say."),
                8,
                "response",
                "response to question 7 must be the same in every file, but differed from the previous files");
    }

    @Test
    void load_combinedQuestionDisagrees_isAnError() throws IOException {
        assertError(
                COMBINED,
                text -> text.replace("Write a limerick", "Compose a limerick"),
                8,
                "question",
                "question must be that of id 7 in the question file, but was a different text");
    }

    @Test
    void load_combinedLabelDisagrees_isAnError() throws IOException {
        assertError(
                COMBINED,
                text -> text.replace("what it spends.,0,4", "what it spends.,0,3"),
                3,
                "GPT4_action",
                "label must be the one in the human reviews, but was a different one");
    }

    @Test
    void load_combinedWithoutResponseColumn_isAnError() throws IOException {
        assertError(
                COMBINED,
                text -> text.replaceFirst("GPT4_response", "GPT4_answer"),
                1,
                "GPT4_response",
                "header must name column GPT4_response, but named 11 others");
    }

    @Test
    void load_combinedWithoutAction_isAnError() throws IOException {
        assertError(
                COMBINED,
                text -> text.replaceFirst("GPT4_action", "GPT4_deed"),
                1,
                "GPT4_action",
                "header must name column GPT4_action, but named 11 others");
    }

    @Test
    void load_combinedWithoutLlmName_isAnError() throws IOException {
        assertError(
                COMBINED,
                text -> text.replaceFirst(",GPT4_response", ",_response"),
                1,
                "6",
                "LLM name must be visible text without control characters, but was \"\"");
    }
}
