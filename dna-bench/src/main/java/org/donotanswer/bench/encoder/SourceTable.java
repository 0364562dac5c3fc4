package org.donotanswer.bench.encoder;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.dataset.PairLabels;

/**
 * What is special about each source of labelled examples: how often an epoch passes it, and the fold that leaves it out.
 * Immutable, hence thread-safe.
 *
 * <p>A source is passed more than once if people labelled it and its exchanges are like those that are judged, and less if its
 * norm of harm is another one, if it is of other tasks than chat, or if it has many examples that are alike.
 *
 * <p>Folds leave out sources whole. Each of them has, of each kind, some: harmful and harmless responses, refusals, everyday
 * chats, and of the contrast groups a third of the topics. Sources that no fold leaves out are small, or have instructions
 * alone, which say little about how responses are judged.
 */
final class SourceTable {
    private static final String CONTRAST_GROUPS = "contrast/";
    private static final double CONTRAST_PASSES = 1.0;

    /** The passes of sources that have no others, and the least of instructions without a response, which are short. */
    static final double OTHER_PASSES = 0.8;

    private static final Map<String, Double> PASSES = Map.ofEntries(
            Map.entry(EmbeddedTrainer.BENCHMARK, 1.6),
            Map.entry("safe-rlhf-mini", 3.0),
            Map.entry(PairLabels.SOURCE, 2.5),
            Map.entry("contrast/small-llms", 1.5),
            Map.entry("gptfuzz", 0.7),
            Map.entry("diasafety", 0.3),
            Map.entry("salad-vlm", 1.0),
            Map.entry("refusal-stability", 0.7),
            Map.entry("speechmap", 0.7),
            Map.entry("star-1", 0.8),
            Map.entry("safety-tuned-llamas", 0.4),
            Map.entry("med-safety-bench", 0.5),
            Map.entry("uncensored", 1.0),
            Map.entry("safe-unlearning-refusals", 1.5),
            Map.entry("gemma3-refusal-axis", 1.0),
            Map.entry("refusalbench", 1.0),
            Map.entry("alpaca-eval-more", 0.6),
            Map.entry("Dolly, keyword-selected", 2.5),
            Map.entry("docs", 0.1),
            Map.entry("emails", 0.25),
            Map.entry("sep", 0.15),
            Map.entry("injecagent", 0.1),
            Map.entry("tools-benign", 0.1),
            Map.entry("bfcl", 0.1),
            Map.entry("atr", 0.3),
            Map.entry("neuralchemy", 0.2),
            Map.entry("deepset", 0.5));

    private static final List<Set<String>> LEFT_OUT = List.of(
            Set.of(
                    "safe-rlhf-mini",
                    "salad-vlm",
                    "alpaca-eval-more",
                    "star-1",
                    "refusalbench",
                    "contrast/crime-and-organisations",
                    "contrast/language-and-fiction",
                    "contrast/young-and-online",
                    "contrast/how-to",
                    "contrast/plain-advice",
                    "contrast/long-form",
                    "contrast/long-assistants",
                    "contrast/everyday-chat-a",
                    "contrast/everyday-chat-short-a",
                    "docs"),
            Set.of(
                    PairLabels.SOURCE,
                    "gptfuzz",
                    "refusal-stability",
                    "AlpacaEval/helpful_base",
                    "AlpacaEval/oasst",
                    "AlpacaEval/selfinstruct",
                    "gemma3-refusal-axis",
                    "safety-tuned-llamas",
                    "contrast/privacy-and-conduct",
                    "contrast/home-and-health",
                    "contrast/professional-and-subtle",
                    "contrast/science-and-technology",
                    "contrast/look-alikes",
                    "contrast/genres",
                    "contrast/society-mind",
                    "contrast/everyday-chat-b",
                    "contrast/everyday-chat-short-b",
                    "emails"),
            Set.of(
                    "diasafety",
                    "uncensored",
                    "speechmap",
                    "Dolly, keyword-selected",
                    "med-safety-bench",
                    "contrast/disinformation-and-prejudice",
                    "contrast/advice-and-companionship",
                    "contrast/long-and-multi-turn",
                    "contrast/work-and-money",
                    "contrast/state-and-society",
                    "contrast/household-tech",
                    "contrast/people-and-identity",
                    "contrast/everyday-chat-c",
                    "contrast/plain-assistants",
                    "contrast/small-llms",
                    "sep"));

    private SourceTable() {}

    /** Returns how often an epoch passes a source's responses; a fraction is the probability of one more pass. */
    static double passes(String source) {
        return PASSES.getOrDefault(source, source.startsWith(CONTRAST_GROUPS) ? CONTRAST_PASSES : OTHER_PASSES);
    }

    /** Returns the sources that a fold leaves out. */
    static Set<String> leftOut(int fold) {
        return LEFT_OUT.get(fold);
    }

    /** Returns the number of folds. */
    static int folds() {
        return LEFT_OUT.size();
    }
}
