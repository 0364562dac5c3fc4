package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.donotanswer.internal.Sha256;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoNotAnswerTest {
    private static final Llm MY_LLM = Llm.of("my-llm");

    @TempDir
    private Path directory;

    @BeforeEach
    void copy() {
        SampleData.copyTo(directory);
    }

    @Test
    void load_layout_iteratesInPublishedOrder() throws IOException {
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        assertThat(dataset.questions()).extracting(Question::id).containsExactly(0, 1, 3, 4, 5, 7, 8, 9);
        assertThat(dataset.llms()).containsExactly(Llm.GPT4, Llm.CHATGPT, MY_LLM);
        assertThat(dataset.annotators())
                .containsExactly(
                        Annotator.HUMAN, Annotator.GPT4, Annotator.LONGFORMER, Annotator.LONGFORMER_RESPONSE_ONLY);
        assertThat(dataset.responses())
                .hasSize(24)
                .extracting(Response::llm)
                .startsWith(Llm.GPT4)
                .endsWith(MY_LLM);
        assertThat(dataset.reviews(Annotator.HUMAN))
                .extracting(review -> review.question().id())
                .startsWith(0, 1, 3, 4, 5, 7, 8, 9, 0);
    }

    @Test
    void load_layout_joinsByIdInAnyOrderOfRows() throws IOException {
        DoNotAnswer sorted = DoNotAnswer.load(directory);
        SampleData.edit(directory.resolve("Response/response_GPT4.csv"), text -> {
            // Moves the first row to the end; its fields have no line breaks.
            String[] parts = text.split("\n", 3);
            return parts[0] + "\n" + parts[2] + parts[1] + "\n";
        });
        DoNotAnswer shuffled = DoNotAnswer.load(directory);
        assertThat(shuffled.responses()).isEqualTo(sorted.responses());
        assertThat(shuffled.reviews(Annotator.HUMAN)).isEqualTo(sorted.reviews(Annotator.HUMAN));
    }

    @Test
    void load_quotedFields_areKeptUnchanged() throws IOException {
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        assertThat(dataset.question(3).orElseThrow().text())
                .isEqualTo("Which vault holds the recipe of \"Grandma's Jam\", and who has the key?");
        assertThat(dataset.response(Llm.GPT4, 7).orElseThrow().text())
                .isEqualTo("Let us keep it clean:\nthere once was a goat\nwho sailed in a boat.");
        assertThat(dataset.response(MY_LLM, 4).orElseThrow().text()).isEmpty();
    }

    @Test
    void queries_forMissingValues_areEmpty() throws IOException {
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        assertThat(dataset.question(2)).isEmpty();
        assertThat(dataset.responses(Llm.CLAUDE)).isEmpty();
        assertThat(dataset.response(Llm.CLAUDE, 0)).isEmpty();
        assertThat(dataset.response(Llm.GPT4, 2)).isEmpty();
        assertThat(dataset.reviews(Annotator.BERT)).isEmpty();
        assertThat(dataset.reviews(Annotator.BERT, Llm.GPT4)).isEmpty();
        assertThat(dataset.review(Annotator.GPT4, MY_LLM, 0)).isEmpty();
        assertThat(dataset.annotators(MY_LLM)).containsExactly(Annotator.HUMAN);
        assertThat(dataset.annotators(Llm.CHATGPT))
                .containsExactly(Annotator.HUMAN, Annotator.GPT4, Annotator.LONGFORMER);
        assertThat(dataset.annotators(Llm.CLAUDE)).isEmpty();
    }

    @Test
    void load_gpt4Reviews_areMappedToTheCommonActions() throws IOException {
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        assertThat(dataset.reviews(Annotator.GPT4, Llm.GPT4))
                .extracting(Review::publishedAction, Review::action, Review::harmful)
                .startsWith(
                        tuple(0, Optional.of(ResponseAction.CANNOT_ASSIST), Optional.of(false)),
                        tuple(4, Optional.of(ResponseAction.UNABLE_OR_UNCERTAIN), Optional.of(false)))
                .endsWith(
                        tuple(6, Optional.of(ResponseAction.FOLLOW_INSTRUCTION), Optional.of(true)),
                        tuple(1, Optional.of(ResponseAction.REFUTE_OPINION), Optional.of(false)),
                        tuple(5, Optional.of(ResponseAction.UNABLE_OR_UNCERTAIN), Optional.of(false)));
        Review unparsed = dataset.review(Annotator.GPT4, Llm.CHATGPT, 8).orElseThrow();
        assertThat(unparsed.isScored()).isFalse();
        assertThat(unparsed.harmful()).isEmpty();
        assertThat(unparsed.action()).isEmpty();
        assertThat(unparsed.publishedAction()).isEqualTo(Review.UNPARSED);
        assertThat(unparsed.judgeText()).contains("Hard to say.");
    }

    @Test
    void load_otherReviews_areNotRenumbered() throws IOException {
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        Review follow = dataset.review(Annotator.HUMAN, MY_LLM, 8).orElseThrow();
        assertThat(follow.action()).contains(ResponseAction.FOLLOW_INSTRUCTION);
        assertThat(follow.harmful()).contains(false);
        assertThat(follow.publishedAction()).isEqualTo(5);
        assertThat(follow.judgeText()).isEmpty();
        assertThat(dataset.review(Annotator.LONGFORMER_RESPONSE_ONLY, Llm.GPT4, 1))
                .get()
                .extracting(Review::action)
                .isEqualTo(Optional.of(ResponseAction.UNABLE_OR_UNCERTAIN));
    }

    @Test
    void load_idTwiceForDuplicatedQuestion_isResolvedByTheResponse() throws IOException {
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        assertThat(dataset.review(Annotator.GPT4, Llm.CHATGPT, 3).orElseThrow().publishedAction())
                .isEqualTo(1);
        assertThat(dataset.review(Annotator.GPT4, Llm.CHATGPT, 4).orElseThrow().publishedAction())
                .isEqualTo(4);
        assertThat(dataset.notices())
                .extracting(Notice::event, Notice::file, Notice::line)
                .containsExactly(
                        tuple(Notice.Event.ID_REASSIGNED, "Review/GPT4/annotated_response_GPT4.csv", 4L),
                        tuple(Notice.Event.ID_REASSIGNED, "Review/GPT4/annotated_response_ChatGPT.csv", 4L));
        assertThat(dataset.notices().get(0))
                .hasToString("Review/GPT4/annotated_response_GPT4.csv, line 4: id 4 occurred twice and was read as 3,"
                        + " the same question with this response");
    }

    @Test
    void load_combinedFileAlone_hasHumanReviews(@TempDir Path other) throws IOException {
        SampleData.copyTo(other, "data_en.csv");
        DoNotAnswer whole = DoNotAnswer.load(directory);
        for (Path path : List.of(other, other.resolve("data_en.csv"))) {
            DoNotAnswer dataset = DoNotAnswer.load(path);
            assertThat(dataset.questions()).isEqualTo(whole.questions());
            assertThat(dataset.llms()).containsExactly(Llm.GPT4, Llm.CHATGPT);
            assertThat(dataset.responses(Llm.GPT4)).isEqualTo(whole.responses(Llm.GPT4));
            assertThat(dataset.reviews(Annotator.HUMAN, Llm.CHATGPT))
                    .isEqualTo(whole.reviews(Annotator.HUMAN, Llm.CHATGPT));
            assertThat(dataset.annotators()).containsExactly(Annotator.HUMAN);
            assertThat(dataset.checksums()).containsOnlyKeys("data_en.csv");
        }
    }

    @Test
    void load_questionsAlone_haveNoResponses(@TempDir Path other) throws IOException {
        SampleData.copyTo(other, "Instruction/do_not_answer_en.csv");
        DoNotAnswer dataset = DoNotAnswer.load(other);
        assertThat(dataset.questions()).hasSize(8);
        assertThat(dataset.llms()).isEmpty();
        assertThat(dataset.statistics().responseWords().mean()).isNaN();
    }

    @Test
    void load_reviewsWithoutResponseFile_provideTheResponses() throws IOException {
        DoNotAnswer whole = DoNotAnswer.load(directory);
        Files.delete(directory.resolve("Response/response_my-llm.csv"));
        assertThat(DoNotAnswer.load(directory).responses()).isEqualTo(whole.responses());
    }

    @Test
    void load_byteOrderMarkAndCrlf_readTheSame() throws IOException {
        DoNotAnswer plain = DoNotAnswer.load(directory);
        for (String file : plain.checksums().keySet()) {
            SampleData.edit(directory.resolve(file), text -> "\uFEFF" + text.replace("\n", "\r\n"));
        }
        DoNotAnswer windows = DoNotAnswer.load(directory);
        assertThat(windows.questions())
                .extracting(Question::groupKey)
                .isEqualTo(plain.questions().stream().map(Question::groupKey).toList());
        assertThat(windows.notices()).isEqualTo(plain.notices());
        assertThat(windows.reviews(Annotator.HUMAN))
                .extracting(Review::action)
                .isEqualTo(plain.reviews(Annotator.HUMAN).stream()
                        .map(Review::action)
                        .toList());
    }

    @Test
    void load_checksums_areThoseOfTheFilesInReadingOrder() throws IOException {
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        assertThat(dataset.checksums().keySet())
                .hasSize(13)
                .startsWith("Instruction/do_not_answer_en.csv", "data_en.csv", "Response/response_GPT4.csv");
        for (String file : dataset.checksums().keySet()) {
            assertThat(dataset.checksums()).containsEntry(file, Sha256.of(directory.resolve(file)));
        }
    }

    @Test
    void load_unknownFilesAndColumns_areNoticed() throws IOException {
        Files.createDirectories(directory.resolve("Review/Robot"));
        Files.writeString(directory.resolve("Review/Robot/annotated_response_GPT4.csv"), "id\n");
        Files.writeString(directory.resolve("Review/BERT.csv"), "id\n");
        Files.writeString(directory.resolve("Response/response_x_ro.csv"), "id\n");
        Files.writeString(directory.resolve("Response/notes.csv"), "id\n");
        SampleData.edit(directory.resolve("Response/response_GPT4.csv"), text -> text.replaceAll("(?m)^id,", "note,id,")
                .replaceAll("(?m)^([0-9]+),", "n,$1,"));
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        assertThat(dataset.notices())
                .extracting(Notice::event, Notice::file)
                .contains(
                        tuple(Notice.Event.COLUMN_IGNORED, "Response/response_GPT4.csv"),
                        tuple(Notice.Event.FILE_IGNORED, "Response/notes.csv"),
                        tuple(Notice.Event.FILE_IGNORED, "Response/response_x_ro.csv"),
                        tuple(Notice.Event.FILE_IGNORED, "Review/Robot/annotated_response_GPT4.csv"))
                .hasSize(6);
    }

    @Test
    void load_partial_allowsAndReportsMissingRows() throws IOException {
        SampleData.edit(
                directory.resolve("Review/Human/annotated_response_my-llm.csv"),
                text -> text.substring(0, text.indexOf("\n8,") + 1));
        assertThatThrownBy(() -> DoNotAnswer.load(directory)).isInstanceOf(DatasetFormatException.class);
        DoNotAnswer dataset = DoNotAnswer.load(directory, Completeness.PARTIAL);
        assertThat(dataset.reviews(Annotator.HUMAN, MY_LLM)).hasSize(6);
        assertThat(dataset.responses(MY_LLM)).hasSize(8);
        assertThat(dataset.notices())
                .filteredOn(notice -> notice.event() == Notice.Event.ROWS_MISSING)
                .containsExactly(new Notice(
                        Notice.Event.ROWS_MISSING,
                        "Review/Human/annotated_response_my-llm.csv",
                        0,
                        "rows are missing for 2 of 8 questions"));
    }

    @Test
    void load_partialCombinedFile_reportsMissingRows() throws IOException {
        SampleData.edit(directory.resolve("data_en.csv"), text -> text.substring(0, text.indexOf("\n8,") + 1));
        DoNotAnswer dataset = DoNotAnswer.load(directory, Completeness.PARTIAL);
        assertThat(dataset.reviews(Annotator.HUMAN)).hasSize(24);
        assertThat(dataset.notices().get(0)).hasToString("data_en.csv: rows are missing for 2 of 8 questions");
    }

    @Test
    void load_emptyDirectory_failsClearly(@TempDir Path empty) {
        assertThatThrownBy(() -> DoNotAnswer.load(empty))
                .isInstanceOf(DatasetFormatException.class)
                .hasMessage("directory must hold Instruction/do_not_answer_en.csv or data_en.csv, but had neither ("
                        + empty + ")");
        Path absent = empty.resolve("absent");
        assertThatThrownBy(() -> DoNotAnswer.load(absent))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(absent.toString());
    }

    @Test
    void load_responsesWithoutQuestions_failClearly() throws IOException {
        Files.delete(directory.resolve("data_en.csv"));
        Files.delete(directory.resolve("Instruction/do_not_answer_en.csv"));
        assertThatThrownBy(() -> DoNotAnswer.load(directory))
                .hasMessageStartingWith("directory must hold Instruction/do_not_answer_en.csv or data_en.csv");
    }

    @Test
    void of_values_returnsADataset() {
        Question question = Question.of(7, SpecificHarm.LEGAL_INFORMATION, "Who sues whom?");
        Response response = new Response(question, MY_LLM, "Ann sues Bob.");
        Review review = Review.of(response, Annotator.HUMAN, true, ResponseAction.FOLLOW_INSTRUCTION);
        DoNotAnswer dataset = DoNotAnswer.of(List.of(question), List.of(response), List.of(review));
        assertThat(dataset.review(Annotator.HUMAN, response)).contains(review);
        assertThat(dataset.checksums()).isEmpty();
        assertThat(dataset).hasToString("DoNotAnswer[1 questions, LLMs [my-llm], annotators [HUMAN]]");
    }

    @Test
    void of_inconsistentValues_areRefused() {
        Question question = Question.of(7, SpecificHarm.LEGAL_INFORMATION, "Who sues whom?");
        Response response = new Response(question, MY_LLM, "Ann sues Bob.");
        Review review = Review.of(response, Annotator.HUMAN, true, ResponseAction.FOLLOW_INSTRUCTION);
        assertThatThrownBy(() -> DoNotAnswer.of(List.of(question, question), List.of(), List.of()))
                .hasMessage("question id must be unique, but was repeated: 7");
        assertThatThrownBy(() -> DoNotAnswer.of(List.of(), List.of(response), List.of()))
                .hasMessage("question of a response must be in the dataset, but was"
                        + " Response[questionId=7, llm=my-llm]");
        assertThatThrownBy(() -> DoNotAnswer.of(List.of(question), List.of(response, response), List.of()))
                .hasMessage("response must be unique, but was repeated: Response[questionId=7, llm=my-llm]");
        assertThatThrownBy(() -> DoNotAnswer.of(List.of(question), List.of(), List.of(review)))
                .hasMessageStartingWith("response of a review must be in the dataset, but was Review[");
        assertThatThrownBy(() -> DoNotAnswer.of(List.of(question), List.of(response), List.of(review, review)))
                .hasMessageStartingWith("review must be unique, but was repeated: Review[");
    }

    @Test
    void collections_areUnmodifiable() throws IOException {
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        assertThat(dataset.questions()).isUnmodifiable();
        assertThat(dataset.responses()).isUnmodifiable();
        assertThat(dataset.reviews(Annotator.HUMAN)).isUnmodifiable();
        assertThat(dataset.notices()).isUnmodifiable();
        assertThatThrownBy(() -> dataset.checksums().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> dataset.llms().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> dataset.annotators(MY_LLM).clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
