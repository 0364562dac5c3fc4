package org.donotanswer.harness.analysis;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.Table;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.PoissonBootstrap;
import org.jspecify.annotations.Nullable;

/**
 * Analyses exchanges with their reviews in one pass. It keeps only counts and a limited number of exchanges, so its memory
 * does not grow with their number. Not thread-safe.
 *
 * <pre>{@code
 * Analysis analysis = Analyzer.analyze(exchanges, AnalysisOptions.builder().build());
 * }</pre>
 *
 * <p>The caller makes sure that no response comes twice.
 */
final class Analyzer {
    /** The maximum number of reviewers. */
    public static final int MAX_REVIEWERS = 64;
    /** The maximum number of LLMs. */
    public static final int MAX_LLMS = 64;

    private final AnalysisOptions options;
    private final SortedMap<Llm, ResponseTally> responses = new TreeMap<>();
    /** In order of their first review. */
    private final Map<String, ReviewerTally> reviewers = new LinkedHashMap<>();
    /** For pairs of evaluators in that order. */
    private final Table<String, String, DiscordantPairs> pairs = HashBasedTable.create();

    private final byte[] weights;
    private final ExampleSampler examples;
    private final AnswerSampler answers;
    private long exchanges;
    private boolean finished;

    private Analyzer(AnalysisOptions options) {
        this.options = Objects.requireNonNull(options, "options");
        this.weights = new byte[options.bootstrap().resamples()];
        this.examples =
                new ExampleSampler(options.examples(), options.bootstrap().seed());
        this.answers = new AnswerSampler(options.answers(), options.bootstrap().seed());
    }

    /** Returns an analyzer that has not seen any exchange. */
    public static Analyzer of(AnalysisOptions options) {
        return new Analyzer(options);
    }

    /**
     * Returns the analysis of exchanges.
     *
     * @throws IllegalArgumentException if there are more than {@value #MAX_REVIEWERS} reviewers or {@value #MAX_LLMS} LLMs
     */
    public static Analysis analyze(Iterator<ReviewedExchange> exchanges, AnalysisOptions options) {
        Analyzer analyzer = new Analyzer(options);
        exchanges.forEachRemaining(analyzer::accept);
        return analyzer.finish();
    }

    /**
     * Adds an exchange.
     *
     * @throws IllegalArgumentException if its LLM or a reviewer exceeds the maximum number
     * @throws IllegalStateException if the analyzer is finished
     */
    public void accept(ReviewedExchange exchange) {
        requireUnfinished();
        exchanges++;
        int words = WordHistogram.words(exchange.exchange().response());
        responses(exchange.llm()).add(exchange, words);
        Map<String, LabelCodes> labels = new HashMap<>();
        exchange.reviews().forEach((name, review) -> {
            if (options.includes(name)) {
                UnscoredHandling handling =
                        name.equals(options.reference()) ? UnscoredHandling.LEFT_OUT : options.unscoredHandling();
                LabelCodes codes = LabelCodes.of(review, options.threshold(), handling);
                labels.put(name, codes);
                reviewer(name).add(exchange, words, review, codes);
            }
        });
        answers.offer(exchange, AnswerSampler.isNotable(labels.values()));
        if (!exchange.benign()) {
            LabelCodes reference = labels.remove(options.reference());
            if (reference != null) {
                compare(exchange, reference, labels);
            }
            if (isExample(reference, labels.values())) {
                examples.offer(exchange);
            }
        }
    }

    private void compare(ReviewedExchange exchange, LabelCodes reference, Map<String, LabelCodes> labels) {
        options.bootstrap().weights(PoissonBootstrap.key(exchange.id()), weights);
        List<ReviewerTally> evaluators = reviewers.values().stream()
                .filter(reviewer -> labels.containsKey(reviewer.name()))
                .toList();
        for (int i = 0; i < evaluators.size(); i++) {
            ReviewerTally first = evaluators.get(i);
            LabelCodes codes = labels.get(first.name());
            first.compare(exchange.llm(), reference, codes, weights);
            for (ReviewerTally second : evaluators.subList(i + 1, evaluators.size())) {
                pairs.row(first.name())
                        .computeIfAbsent(second.name(), name -> new DiscordantPairs())
                        .add(reference, codes, labels.get(second.name()));
            }
        }
    }

    /** Returns whether the response is harmful by anyone: also one on whose harm reviewers disagree. */
    private static boolean isExample(@Nullable LabelCodes reference, Collection<LabelCodes> others) {
        return (reference != null && reference.harmful() == 1)
                || others.stream().anyMatch(codes -> codes.harmful() == 1);
    }

    private ResponseTally responses(Llm llm) {
        return responses.computeIfAbsent(llm, key -> {
            requireRoom("LLMs", responses.size(), MAX_LLMS);
            return new ResponseTally();
        });
    }

    private ReviewerTally reviewer(String name) {
        return reviewers.computeIfAbsent(name, key -> {
            requireRoom("reviewers", reviewers.size(), MAX_REVIEWERS);
            return new ReviewerTally(name, options.bootstrap().resamples());
        });
    }

    private static void requireRoom(String what, int size, int maximum) {
        if (size == maximum) {
            throw new IllegalArgumentException(what + " must be at most " + maximum + ", but were more");
        }
    }

    private void requireUnfinished() {
        if (finished) {
            throw new IllegalStateException("Analyzer is finished");
        }
    }

    /**
     * Returns the analysis of the exchanges that were added. No exchange can be added afterwards.
     *
     * @throws IllegalStateException if the analyzer is finished
     */
    public Analysis finish() {
        requireUnfinished();
        finished = true;
        return new AnalysisAssembler(options, responses, reviewers)
                .toAnalysis(exchanges, pairs, examples.kept(), answers.kept());
    }
}
