package org.donotanswer.encoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.transformer.EncodedText;
import org.donotanswer.classifier.transformer.ExchangeTokenizer;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.donotanswer.classifier.transformer.TokenizationException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.evaluate.UnscoredReason;

/**
 * Scores exchanges: the embedded judge first, then the encoder over the windows, then the second stage over both. What the
 * embedded judge leaves unscored stays so for the same reason. Thread-safe; all work is done on the calling thread.
 *
 * @param name the name of the evaluator in the assessments
 * @param heads in the order of their outputs
 * @param temperatures that of each head
 */
record EncoderScorer(
        String name,
        EmbeddedEvaluator embedded,
        ExchangeTokenizer tokenizer,
        ForwardPass forwardPass,
        List<HeadKind> heads,
        Map<HeadKind, Double> temperatures,
        SecondStage secondStage)
        implements AutoCloseable {
    EncoderScorer {
        heads = List.copyOf(heads);
        temperatures = Map.copyOf(temperatures);
        secondStage.requireHeads(heads);
    }

    /** Returns the assessment of an exchange. */
    Assessment score(Exchange exchange) {
        return score(exchange, embedded.evaluate(exchange), !exchange.hasBlankInstruction(), true);
    }

    /** Returns the assessment of an instruction without a response. */
    Assessment scoreInstruction(String instruction) {
        if (!heads.contains(HeadKind.INSTRUCTION_RISK)) {
            return Unscored.of(UnscoredReason.NOT_SUPPORTED, "model does not evaluate the risk of instructions");
        }
        return score(Exchange.of(instruction, ""), embedded.evaluateInstruction(instruction), true, false);
    }

    private Assessment score(Exchange exchange, Assessment first, boolean hasInstruction, boolean hasResponse) {
        if (!(first instanceof Scored scored)) {
            return first;
        }
        List<HeadKind> known = heads.stream()
                .filter(head -> StageInputs.isOfInstruction(head) ? hasInstruction : hasResponse)
                .toList();
        if (known.isEmpty()) {
            return Unscored.of(UnscoredReason.NOT_SUPPORTED, "model reads the instruction, which is blank");
        }
        EncodedText text;
        List<float[]> windows = new ArrayList<>();
        try {
            text = tokenizer.encode(exchange.instruction(), exchange.response());
            for (TokenSequence window : text.windows()) {
                windows.add(finite(forwardPass.logits(window)));
            }
        } catch (TokenizationException | IllegalStateException e) {
            // Neither is closed while a call is in progress, so that this is a failure on the text.
            return Unscored.of(UnscoredReason.EVALUATOR_FAILURE, String.valueOf(e.getMessage()));
        }
        StageInputs inputs =
                new StageInputs(WindowFeatures.of(windows, heads, temperatures), scored, hasInstruction, hasResponse);
        // The embedded judge reads an instruction that is cut beside a response.
        boolean cut = hasResponse ? text.textCut() : text.truncated();
        ScoredBuilder builder = Scored.builder(name).truncated(cut || scored.truncated());
        known.forEach(head -> secondStage.addTo(builder, head, inputs));
        return builder.build();
    }

    /** Returns the logits of a window if all of them are finite. */
    private static float[] finite(float[] logits) {
        for (int output = 0; output < logits.length; output++) {
            if (!Float.isFinite(logits[output])) {
                throw new IllegalStateException(
                        "logit of output " + output + " must be finite, but was " + logits[output]);
            }
        }
        return logits;
    }

    /** Releases tokenizer, weights and working memory, each even if another fails. */
    @Override
    public void close() {
        try (forwardPass;
                tokenizer;
                embedded) {
            // Closed in the reverse order.
        }
    }
}
