package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.evaluate.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What one checkpoint returned for one exchange.
 *
 * @param windows the logits of each window; empty on failure, and if the exchange lacks the text that the checkpoint reads
 * @param failure the kind of failure, or null; never user text
 */
record HeadResult(List<WindowLogits> windows, boolean truncated, @Nullable String failure) {
    private static final HeadResult NONE = new HeadResult(List.of(), false, null);

    /** Returns the results for the exchanges, in order. */
    static List<HeadResult> of(Checkpoint checkpoint, List<Exchange> exchanges) {
        List<@Nullable EncodedText> texts = new ArrayList<>(exchanges.size());
        List<TokenSequence> sequences = new ArrayList<>();
        for (Exchange exchange : exchanges) {
            EncodedText text = encoded(checkpoint, exchange);
            texts.add(text);
            if (text != null) {
                sequences.addAll(text.windows());
            }
        }
        List<BatchOutcome> outcomes = checkpoint.queue().outcomes(sequences);
        List<HeadResult> results = new ArrayList<>(texts.size());
        int next = 0;
        for (EncodedText text : texts) {
            if (text == null) {
                results.add(new HeadResult(List.of(), false, TokenizationException.class.getSimpleName()));
            } else if (text.windows().isEmpty()) {
                results.add(NONE);
            } else {
                int windows = text.windows().size();
                results.add(of(text, outcomes.subList(next, next + windows)));
                next += windows;
            }
        }
        return results;
    }

    private static @Nullable EncodedText encoded(Checkpoint checkpoint, Exchange exchange) {
        try {
            return checkpoint.encode(exchange);
        } catch (TokenizationException e) {
            return null;
        }
    }

    private static HeadResult of(EncodedText text, List<BatchOutcome> outcomes) {
        List<WindowLogits> windows = new ArrayList<>(outcomes.size());
        for (int window = 0; window < outcomes.size(); window++) {
            BatchOutcome outcome = outcomes.get(window);
            if (outcome instanceof BatchOutcome.Failed failed) {
                if (failed.failure() instanceof Error error) {
                    throw error;
                }
                // The message of the failure may be long and contain the program's source.
                return new HeadResult(
                        List.of(), text.truncated(), failed.failure().getClass().getSimpleName());
            }
            windows.add(new WindowLogits(
                    outcome.logits(), text.windows().get(window).length()));
        }
        return new HeadResult(List.copyOf(windows), text.truncated(), null);
    }
}
