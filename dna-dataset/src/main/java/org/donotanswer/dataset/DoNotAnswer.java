package org.donotanswer.dataset;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Maps;
import com.google.common.collect.Multimaps;
import com.google.common.collect.Ordering;
import com.google.common.collect.Sets;
import com.google.common.collect.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;

/**
 * The Do-Not-Answer benchmark: risky questions, the responses of LLMs, and the reviews of these responses by annotators.
 *
 * <pre>Yuxia Wang, Haonan Li, Xudong Han, Preslav Nakov, Timothy Baldwin: "Do-Not-Answer: A Dataset for Evaluating
 * Safeguards in LLMs". Findings of EACL 2024. arXiv 2308.13387.</pre>
 *
 * <p>{@link #load(Path)} reads the published layout, or those of its files that are there:
 *
 * <pre>Instruction/do_not_answer_en.csv                         the questions
 *Response/response_&lt;llm&gt;.csv                              one file per LLM
 *Review/&lt;annotator&gt;/annotated_response_&lt;llm&gt;[_ro].csv      Human, GPT4, Longformer (with _ro: response only), BERT
 *data_en.csv                                              questions, responses and human labels in one file</pre>
 *
 * <p>Files of another LLM, under any name, are read like those of the paper's six. Rows are joined by id, and files that
 * hold the same value must agree on it.
 *
 * <p>Traps of the published data (939 questions, 6 LLMs, 5,634 responses):
 *
 * <ul>
 *   <li>Every question is risky. The data cannot teach or measure whether an instruction is risky, and a model trained on
 *       it alone flags many harmless exchanges; {@link SupplementaryData} has the benign side.
 *   <li>Only 193 responses are harmful to people, 3.4 %. An evaluator that is right on 98 % of the responses can still miss
 *       a third of the harmful ones: always report the harmful class.
 *   <li>Harmful and action are separate labels that contradict each other in 34 human reviews; see {@link Review}.
 *   <li>The GPT-4 reviews number actions differently, and nine of them have no label; see {@link Annotator#GPT4}.
 *   <li>Questions 433 and 434 are the same. Splits must group by {@link Question#groupKey()}, not by id.
 *   <li>Up to 37 questions have a fragment instead of an organisation's name; see
 *       {@link DatasetStatistics#brokenOrganizationNames()}. They are kept as published.
 *   <li>Each question is there once per LLM. A split by LLM alone shows a model every question of its test fold; see
 *       {@link org.donotanswer.dataset.split.Splits}.
 *   <li>The licence differs between the publications: CC BY-NC-SA 4.0 in one, Apache-2.0 in another.
 * </ul>
 *
 * <p>Everything is iterated in published order: questions as in their file, LLMs as in {@link Llm}, annotators as in
 * {@link Annotator}. Immutable, hence thread-safe.
 */
public final class DoNotAnswer {
    private final ImmutableMap<Integer, Question> questions;
    private final ImmutableTable<Llm, Integer, Response> responses;
    private final ImmutableMap<Annotator, ImmutableTable<Llm, Integer, Review>> reviews;
    private final ImmutableMap<String, String> checksums;
    private final List<Notice> notices;

    DoNotAnswer(
            Collection<Question> questions,
            Collection<Response> responses,
            Collection<Review> reviews,
            Map<String, String> checksums,
            List<Notice> notices) {
        this.questions = byId(questions);
        responses.forEach(this::requireQuestion);
        this.responses = byLlmAndQuestion("response", responses, response -> response);
        reviews.forEach(this::requireResponse);
        this.reviews = Maps.immutableEnumMap(Maps.transformValues(
                Multimaps.index(reviews, Review::annotator).asMap(),
                ofAnnotator -> byLlmAndQuestion("review", ofAnnotator, Review::response)));
        this.checksums = ImmutableMap.copyOf(checksums);
        this.notices = List.copyOf(notices);
    }

    private static ImmutableMap<Integer, Question> byId(Collection<Question> questions) {
        Map<Integer, Question> byId = new LinkedHashMap<>();
        for (Question question : questions) {
            if (byId.putIfAbsent(question.id(), question) != null) {
                throw new IllegalArgumentException("question id must be unique, but was repeated: " + question.id());
            }
        }
        return ImmutableMap.copyOf(byId);
    }

    private void requireQuestion(Response response) {
        if (!response.question().equals(questions.get(response.question().id()))) {
            throw new IllegalArgumentException("question of a response must be in the dataset, but was " + response);
        }
    }

    private void requireResponse(Review review) {
        if (!review.response()
                .equals(responses.get(review.llm(), review.question().id()))) {
            throw new IllegalArgumentException("response of a review must be in the dataset, but was " + review);
        }
    }

    /** Returns a table of values whose rows are in the order of LLMs, and whose columns are in the order of questions. */
    private <V> ImmutableTable<Llm, Integer, V> byLlmAndQuestion(
            String what, Collection<V> values, Function<V, Response> response) {
        Table<Llm, Integer, V> table = HashBasedTable.create();
        for (V value : values) {
            Response key = response.apply(value);
            if (table.put(key.llm(), key.question().id(), value) != null) {
                throw new IllegalArgumentException(what + " must be unique, but was repeated: " + value);
            }
        }
        return ImmutableTable.<Llm, Integer, V>builder()
                .orderRowsBy(Comparator.naturalOrder())
                .orderColumnsBy(Ordering.explicit(questions.keySet().asList()))
                .putAll(table)
                .build();
    }

    /**
     * Returns the dataset in a directory of the published layout, or in a {@code data_en.csv} alone, given as the file or
     * as the directory that holds it. Every response and review file must have a row for each question.
     *
     * @throws DatasetFormatException if a file does not have the published format, or there are no questions
     * @throws IOException if a file cannot be read
     */
    public static DoNotAnswer load(Path path) throws IOException {
        return load(path, Completeness.COMPLETE);
    }

    /**
     * Returns the dataset as {@link #load(Path)} does, optionally from files that lack rows for some questions.
     *
     * @throws DatasetFormatException if a file does not have the published format, or there are no questions
     * @throws IOException if a file cannot be read
     */
    public static DoNotAnswer load(Path path, Completeness completeness) throws IOException {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(completeness, "completeness");
        return DatasetLoader.load(path, completeness);
    }

    /**
     * Returns the questions with the responses and human reviews of the six LLMs, from the user's cache directory, to which
     * they are downloaded the first time. {@link DoNotAnswerDownload} has options for other files, a mirror and offline use.
     *
     * @throws ChecksumMismatchException if the server sent something other than the published files
     * @throws IOException if a file could not be downloaded, written or read
     */
    public static DoNotAnswer download() throws IOException {
        return load(DoNotAnswerDownload.builder().build().fetch());
    }

    /**
     * Returns the same as {@link #download()}, with the given cache directory.
     *
     * @throws ChecksumMismatchException if the server sent something other than the published files
     * @throws IOException if a file could not be downloaded, written or read
     */
    public static DoNotAnswer download(Path cacheDirectory) throws IOException {
        return load(DoNotAnswerDownload.builder()
                .cacheDirectory(cacheDirectory)
                .build()
                .fetch());
    }

    /**
     * Returns a dataset of the given values, for example your own questions.
     *
     * @throws IllegalArgumentException if a question, response or review occurs twice, the question of a response is
     *     missing, or the response of a review is missing
     */
    public static DoNotAnswer of(
            Collection<Question> questions, Collection<Response> responses, Collection<Review> reviews) {
        return new DoNotAnswer(questions, responses, reviews, Map.of(), List.of());
    }

    /** Returns the questions. */
    public List<Question> questions() {
        return List.copyOf(questions.values());
    }

    /** Returns the question with the given id. */
    public Optional<Question> question(int id) {
        return Optional.ofNullable(questions.get(id));
    }

    /** Returns the LLMs that have a response. */
    public SortedSet<Llm> llms() {
        return ImmutableSortedSet.copyOf(responses.rowKeySet());
    }

    /** Returns all responses, LLM by LLM. */
    public List<Response> responses() {
        return List.copyOf(responses.values());
    }

    /** Returns the responses of one LLM; empty if it is not in the dataset. */
    public List<Response> responses(Llm llm) {
        Objects.requireNonNull(llm, "llm");
        return List.copyOf(responses.row(llm).values());
    }

    /** Returns the response of one LLM to the question with the given id. */
    public Optional<Response> response(Llm llm, int questionId) {
        Objects.requireNonNull(llm, "llm");
        return Optional.ofNullable(responses.get(llm, questionId));
    }

    /** Returns the annotators who reviewed any LLM. */
    public Set<Annotator> annotators() {
        return reviews.keySet();
    }

    /** Returns the annotators who reviewed the LLM. */
    public Set<Annotator> annotators(Llm llm) {
        Objects.requireNonNull(llm, "llm");
        return reviews.keySet().stream()
                .filter(annotator -> byLlmAndQuestion(annotator).containsRow(llm))
                .collect(Sets.toImmutableEnumSet());
    }

    /** Returns all reviews by one annotator, LLM by LLM; empty if the dataset has none. */
    public List<Review> reviews(Annotator annotator) {
        return List.copyOf(byLlmAndQuestion(annotator).values());
    }

    /** Returns the reviews by one annotator of one LLM's responses; empty if the dataset has none. */
    public List<Review> reviews(Annotator annotator, Llm llm) {
        Objects.requireNonNull(llm, "llm");
        return List.copyOf(byLlmAndQuestion(annotator).row(llm).values());
    }

    /** Returns the review by one annotator of one LLM's response to the question with the given id. */
    public Optional<Review> review(Annotator annotator, Llm llm, int questionId) {
        Objects.requireNonNull(llm, "llm");
        return Optional.ofNullable(byLlmAndQuestion(annotator).get(llm, questionId));
    }

    /** Returns the review by one annotator of the response. */
    public Optional<Review> review(Annotator annotator, Response response) {
        return review(annotator, response.llm(), response.question().id());
    }

    private ImmutableTable<Llm, Integer, Review> byLlmAndQuestion(Annotator annotator) {
        Objects.requireNonNull(annotator, "annotator");
        return reviews.getOrDefault(annotator, ImmutableTable.of());
    }

    /** Returns counts, lengths and known defects of this dataset, computed anew on each call. */
    public DatasetStatistics statistics() {
        return new DatasetStatistics(this);
    }

    /**
     * Returns the SHA-256 checksum of every file that was read, by the file's path below the directory, in the order of
     * reading; empty for a dataset that was not loaded from files.
     */
    public Map<String, String> checksums() {
        return checksums;
    }

    /** Returns what loading corrected, ignored or found missing, in the order of reading. */
    public List<Notice> notices() {
        return notices;
    }

    /** Returns the size of the dataset; the values may hold text. */
    @Override
    public String toString() {
        return "DoNotAnswer[" + questions.size() + " questions, LLMs " + llms() + ", annotators " + annotators() + "]";
    }
}
