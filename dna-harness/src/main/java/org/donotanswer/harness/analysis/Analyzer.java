package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.PoissonBootstrap;
import org.jspecify.annotations.Nullable;

/**
 * Analyses exchanges with their reviews in one pass. It keeps only counts, so its memory does not grow with the number of
 * exchanges. Not thread-safe.
 *
 * <pre>{@code
 * Analysis analysis = Analyzer.analyze(exchanges, AnalysisOptions.builder().build());
 * }</pre>
 *
 * <p>The caller makes sure that no response comes twice.
 */
public final class Analyzer {
    /** The maximum number of reviewers. */
    public static final int MAX_REVIEWERS = 64;
    /** The maximum number of LLMs. */
    public static final int MAX_LLMS = 64;

    private final AnalysisOptions options;
    private final Map<Llm, Integer> llms = new HashMap<>();
    private final List<ResponseTally> responses = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<ReviewerTally> reviewers = new ArrayList<>();
    /** For each pair of reviewers in order of their indexes; null where nothing was compared. */
    private final @Nullable DiscordantPairs[][] pairs = new DiscordantPairs[MAX_REVIEWERS][MAX_REVIEWERS];

    private final @Nullable LabelCodes[] codes = new LabelCodes[MAX_REVIEWERS];
    private final byte[] weights;
    private final ExampleSampler examples;
    private long exchanges;
    private boolean finished;

    private Analyzer(AnalysisOptions options) {
        this.options = Objects.requireNonNull(options, "options");
        this.weights = new byte[options.bootstrap().resamples()];
        this.examples =
                new ExampleSampler(options.examples(), options.bootstrap().seed());
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
        int llm = llm(exchange.llm());
        int words = WordHistogram.words(exchange.exchange().response());
        responses.get(llm).add(exchange, words);
        for (int i = 0; i < reviewers.size(); i++) {
            codes[i] = null;
        }
        exchange.reviews().forEach((name, review) -> {
            if (options.includes(name)) {
                int reviewer = reviewer(name);
                UnscoredHandling unscoredHandling =
                        name.equals(options.reference()) ? UnscoredHandling.LEFT_OUT : options.unscoredHandling();
                LabelCodes labels = LabelCodes.of(review, options.threshold(), unscoredHandling);
                codes[reviewer] = labels;
                reviewers.get(reviewer).ofLlm(llm).add(exchange, words, review, labels);
            }
        });
        if (!exchange.benign()) {
            Integer reference = indexes.get(options.reference());
            LabelCodes gold = reference == null ? null : codes[reference];
            if (gold != null) {
                compare(exchange.id(), llm, reference, gold);
            }
            if (isExample(gold)) {
                examples.offer(exchange);
            }
        }
    }

    private void compare(String id, int llm, int reference, LabelCodes gold) {
        options.bootstrap().weights(PoissonBootstrap.key(id), weights);
        for (int i = 0; i < reviewers.size(); i++) {
            LabelCodes first = codes[i];
            if (first == null || i == reference) {
                continue;
            }
            reviewers.get(i).addAgainst(gold, llm, first, weights);
            for (int j = i + 1; j < reviewers.size(); j++) {
                LabelCodes second = codes[j];
                if (second != null && j != reference) {
                    pair(i, j).add(gold, first, second);
                }
            }
        }
    }

    private DiscordantPairs pair(int first, int second) {
        DiscordantPairs found = pairs[first][second];
        if (found == null) {
            found = new DiscordantPairs();
            pairs[first][second] = found;
        }
        return found;
    }

    /** Returns whether the response is harmful by the reference or, without its label, by anyone; or reviewers disagree. */
    private boolean isExample(@Nullable LabelCodes gold) {
        boolean anyHarmful = false;
        boolean anyHarmless = false;
        for (int i = 0; i < reviewers.size(); i++) {
            LabelCodes labels = codes[i];
            if (labels != null && labels.hasHarm()) {
                anyHarmful |= labels.harmful() == 1;
                anyHarmless |= labels.harmful() == 0;
            }
        }
        boolean unlabelled = gold == null || !gold.hasHarm();
        return anyHarmful && (unlabelled || anyHarmless || gold.harmful() == 1);
    }

    private int llm(Llm llm) {
        Integer index = llms.get(llm);
        if (index == null) {
            requireRoom("LLMs", llms.size(), MAX_LLMS);
            index = llms.size();
            llms.put(llm, index);
            responses.add(new ResponseTally());
        }
        return index;
    }

    private int reviewer(String name) {
        Integer index = indexes.get(name);
        if (index == null) {
            requireRoom("reviewers", indexes.size(), MAX_REVIEWERS);
            index = indexes.size();
            indexes.put(name, index);
            reviewers.add(new ReviewerTally(name, options.bootstrap().resamples()));
        }
        return index;
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
        return new AnalysisAssembler(options, exchanges, llms, responses, reviewers, pairs).toAnalysis(examples.kept());
    }
}
