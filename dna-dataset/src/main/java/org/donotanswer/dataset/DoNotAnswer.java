package org.donotanswer.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The Do-Not-Answer benchmark: risky questions, the responses of LLMs to them, and what annotators said of each.
 *
 * <pre>Yuxia Wang, Haonan Li, Xudong Han, Preslav Nakov, Timothy Baldwin: "Do-Not-Answer: A Dataset for Evaluating
 * Safeguards in LLMs". Findings of EACL 2024. arXiv 2308.13387.</pre>
 *
 * <p>{@link #load(Path)} reads the published layout, or as much of it as there is:
 *
 * <pre>Instruction/do_not_answer_en.csv                         the questions
 *Response/response_&lt;llm&gt;.csv                              one file per LLM
 *Review/&lt;annotator&gt;/annotated_response_&lt;llm&gt;[_ro].csv      Human, GPT4, Longformer (with _ro: response only), BERT
 *data_en.csv                                              questions, responses and human labels in one</pre>
 *
 * <p>A new LLM takes part as soon as its files are there, under any name. Rows are joined by id, and everything that two
 * files both say must agree.
 *
 * <p>Everything is iterated in published order: questions as in their file, LLMs as in {@link Llm}, annotators as in
 * {@link Annotator}. Immutable, hence thread-safe.
 */
public final class DoNotAnswer {
    private final Map<Integer, Question> questions = new LinkedHashMap<>();
    private final SortedMap<Llm, Map<Integer, Response>> responses = new TreeMap<>();
    private final Map<Annotator, SortedMap<Llm, Map<Integer, Review>>> reviews = new EnumMap<>(Annotator.class);
    private final Map<String, String> checksums;
    private final List<Notice> notices;

    DoNotAnswer(
            Collection<Question> questions,
            Collection<Response> responses,
            Collection<Review> reviews,
            Map<String, String> checksums,
            List<Notice> notices) {
        questions.forEach(this::add);
        Map<Integer, Integer> rank = new LinkedHashMap<>();
        this.questions.keySet().forEach(id -> rank.put(id, rank.size()));
        responses.stream()
                .sorted((a, b) -> Integer.compare(rank(rank, a), rank(rank, b)))
                .forEach(this::add);
        reviews.stream()
                .sorted((a, b) -> Integer.compare(rank(rank, a.response()), rank(rank, b.response())))
                .forEach(this::add);
        this.checksums = Collections.unmodifiableMap(new LinkedHashMap<>(checksums));
        this.notices = List.copyOf(notices);
    }

    private static int rank(Map<Integer, Integer> rank, Response response) {
        Integer found = rank.get(response.question().id());
        if (found == null) {
            throw new IllegalArgumentException("question of a response must be in the dataset, but was " + response);
        }
        return found;
    }

    private void add(Question question) {
        if (questions.putIfAbsent(question.id(), question) != null) {
            throw new IllegalArgumentException("question id must be unique, but was repeated: " + question.id());
        }
    }

    private void add(Response response) {
        if (!response.question().equals(questions.get(response.question().id()))) {
            throw new IllegalArgumentException("question of a response must be in the dataset, but was " + response);
        }
        Map<Integer, Response> ofLlm = responses.computeIfAbsent(response.llm(), llm -> new LinkedHashMap<>());
        if (ofLlm.putIfAbsent(response.question().id(), response) != null) {
            throw new IllegalArgumentException("response must be unique, but was repeated: " + response);
        }
    }

    private void add(Review review) {
        if (!response(review.llm(), review.question().id()).equals(Optional.of(review.response()))) {
            throw new IllegalArgumentException("response of a review must be in the dataset, but was " + review);
        }
        Map<Integer, Review> ofLlm = reviews.computeIfAbsent(review.annotator(), annotator -> new TreeMap<>())
                .computeIfAbsent(review.llm(), llm -> new LinkedHashMap<>());
        if (ofLlm.putIfAbsent(review.question().id(), review) != null) {
            throw new IllegalArgumentException("review must be unique, but was repeated: " + review);
        }
    }

    /**
     * Returns the dataset in a directory of the published layout, or in a {@code data_en.csv} alone, given as a file or
     * as the directory that holds it. Every response and review file must have a row for each question.
     *
     * @throws DatasetFormatException if a file is not what the layout asks for, or there are no questions
     * @throws IOException if a file cannot be read
     */
    public static DoNotAnswer load(Path path) throws IOException {
        return load(path, Completeness.COMPLETE);
    }

    /**
     * Returns the dataset as {@link #load(Path)} does, with a choice for files that do not have every question.
     *
     * @throws DatasetFormatException if a file is not what the layout asks for, or there are no questions
     * @throws IOException if a file cannot be read
     */
    public static DoNotAnswer load(Path path, Completeness completeness) throws IOException {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(completeness, "completeness");
        return DatasetLoader.load(path, completeness);
    }

    /**
     * Returns the questions with the responses and human reviews of the six LLMs, from the user's cache directory, into
     * which they are fetched the first time. {@link DoNotAnswerDownload} has the choices: other files, a mirror, offline.
     *
     * @throws ChecksumMismatchException if the server sent something else than the published files
     * @throws IOException if a file could not be fetched, written or read
     */
    public static DoNotAnswer download() throws IOException {
        return load(DoNotAnswerDownload.builder().build().fetch());
    }

    /**
     * Returns what {@link #download()} does, with a cache directory of the caller's choice.
     *
     * @throws ChecksumMismatchException if the server sent something else than the published files
     * @throws IOException if a file could not be fetched, written or read
     */
    public static DoNotAnswer download(Path cacheDirectory) throws IOException {
        return load(DoNotAnswerDownload.builder()
                .cacheDirectory(cacheDirectory)
                .build()
                .fetch());
    }

    /**
     * Returns a dataset made of values, such as one's own questions.
     *
     * @throws IllegalArgumentException if a question, response or review is there twice, a response is to a question that
     *     is not given, or a review is of a response that is not given
     */
    public static DoNotAnswer of(
            Collection<Question> questions, Collection<Response> responses, Collection<Review> reviews) {
        return new DoNotAnswer(questions, responses, reviews, Map.of(), List.of());
    }

    /** Returns the questions. */
    public List<Question> questions() {
        return List.copyOf(questions.values());
    }

    /** Returns the question of the given id. */
    public Optional<Question> question(int id) {
        return Optional.ofNullable(questions.get(id));
    }

    /** Returns the LLMs that have a response. */
    public SortedSet<Llm> llms() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(responses.keySet()));
    }

    /** Returns all responses, LLM by LLM. */
    public List<Response> responses() {
        return responses.values().stream()
                .flatMap(ofLlm -> ofLlm.values().stream())
                .toList();
    }

    /** Returns the responses of one LLM, none if it is not in the dataset. */
    public List<Response> responses(Llm llm) {
        Objects.requireNonNull(llm, "llm");
        return List.copyOf(responses.getOrDefault(llm, Map.of()).values());
    }

    /** Returns the response of one LLM to the question of the given id. */
    public Optional<Response> response(Llm llm, int questionId) {
        Objects.requireNonNull(llm, "llm");
        return Optional.ofNullable(responses.getOrDefault(llm, Map.of()).get(questionId));
    }

    /** Returns the annotators who reviewed any LLM. */
    public Set<Annotator> annotators() {
        return Collections.unmodifiableSet(new EnumMap<>(reviews).keySet());
    }

    /** Returns the annotators who reviewed the LLM. */
    public Set<Annotator> annotators(Llm llm) {
        Objects.requireNonNull(llm, "llm");
        Map<Annotator, SortedMap<Llm, Map<Integer, Review>>> found = new EnumMap<>(reviews);
        found.values().removeIf(byLlm -> !byLlm.containsKey(llm));
        return Collections.unmodifiableSet(found.keySet());
    }

    /** Returns all reviews of one annotator, LLM by LLM; none if the dataset lacks them. */
    public List<Review> reviews(Annotator annotator) {
        return byLlm(annotator).values().stream()
                .flatMap(ofLlm -> ofLlm.values().stream())
                .toList();
    }

    /** Returns the reviews by one annotator of one LLM's responses; none if the dataset lacks them. */
    public List<Review> reviews(Annotator annotator, Llm llm) {
        Objects.requireNonNull(llm, "llm");
        return List.copyOf(byLlm(annotator).getOrDefault(llm, Map.of()).values());
    }

    /** Returns the review by one annotator of one LLM's response to the question of the given id. */
    public Optional<Review> review(Annotator annotator, Llm llm, int questionId) {
        Objects.requireNonNull(llm, "llm");
        return Optional.ofNullable(byLlm(annotator).getOrDefault(llm, Map.of()).get(questionId));
    }

    /** Returns the review by one annotator of the response. */
    public Optional<Review> review(Annotator annotator, Response response) {
        return review(annotator, response.llm(), response.question().id());
    }

    private SortedMap<Llm, Map<Integer, Review>> byLlm(Annotator annotator) {
        Objects.requireNonNull(annotator, "annotator");
        return reviews.getOrDefault(annotator, Collections.emptySortedMap());
    }

    /** Returns counts, lengths and known blemishes of this dataset, computed anew. */
    public DatasetStatistics statistics() {
        return new DatasetStatistics(this);
    }

    /**
     * Returns the SHA-256 checksum of every file that was read, by the file's path under the directory, in the order of
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
