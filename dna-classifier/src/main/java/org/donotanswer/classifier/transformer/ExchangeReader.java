package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.evaluate.UnscoredReason;

/**
 * Makes assessments of what checkpoints predict. Thread-safe.
 *
 * @param evaluator the name of the evaluator in the assessments
 * @param checkpoints no two of which predict the same
 */
record ExchangeReader(String evaluator, List<Checkpoint> checkpoints) {
    /** The number of exchanges that are tokenized before any is run: enough to form batches of similar lengths. */
    private static final int CHUNK_EXCHANGES = 2_048;

    ExchangeReader {
        checkpoints = List.copyOf(checkpoints);
    }

    /** Returns the assessments of the exchanges, in order. */
    List<Assessment> evaluate(List<Exchange> exchanges) {
        List<Assessment> assessments = new ArrayList<>(exchanges.size());
        for (int from = 0; from < exchanges.size(); from += CHUNK_EXCHANGES) {
            assessments.addAll(
                    evaluateChunk(exchanges.subList(from, Math.min(from + CHUNK_EXCHANGES, exchanges.size()))));
        }
        return List.copyOf(assessments);
    }

    private List<Assessment> evaluateChunk(List<Exchange> exchanges) {
        List<Exchange> answered = exchanges.stream()
                .filter(exchange -> !exchange.hasBlankResponse())
                .toList();
        List<List<HeadResult>> results = checkpoints.stream()
                .map(checkpoint -> HeadResult.of(checkpoint, answered))
                .toList();
        List<Assessment> assessments = new ArrayList<>(exchanges.size());
        int next = 0;
        for (Exchange exchange : exchanges) {
            if (exchange.hasBlankResponse()) {
                assessments.add(Unscored.of(UnscoredReason.EMPTY_RESPONSE, ""));
            } else {
                int index = next++;
                assessments.add(assessment(
                        results.stream().map(result -> result.get(index)).toList(),
                        (heads, scored, windows) -> heads.score(scored, exchange, windows)));
            }
        }
        return assessments;
    }

    /** Returns the assessment of an instruction that has no response. */
    Assessment evaluateInstruction(String instruction) {
        Exchange exchange = Exchange.of(instruction, "");
        if (exchange.hasBlankInstruction()) {
            return Unscored.of(UnscoredReason.INVALID_INPUT, "instruction is blank");
        }
        return assessment(
                checkpoints.stream()
                        .map(checkpoint ->
                                HeadResult.of(checkpoint, List.of(exchange)).get(0))
                        .toList(),
                CheckpointHeads::scoreInstruction);
    }

    /** Sets in an assessment what the heads of a checkpoint predict. */
    private interface Scoring {
        void score(CheckpointHeads heads, ScoredBuilder scored, List<WindowLogits> windows)
                throws NonFiniteLogitsException;
    }

    /** Returns the assessment that joins the results of the checkpoints. */
    private Assessment assessment(List<HeadResult> results, Scoring scoring) {
        ScoredBuilder scored = Assessment.Scored.builder(evaluator);
        boolean truncated = false;
        boolean read = false;
        for (int i = 0; i < results.size(); i++) {
            HeadResult result = results.get(i);
            if (result.failure() != null) {
                return Unscored.of(UnscoredReason.EVALUATOR_FAILURE, result.failure());
            }
            if (result.windows().isEmpty()) {
                continue;
            }
            read = true;
            try {
                scoring.score(checkpoints.get(i).heads(), scored, result.windows());
            } catch (NonFiniteLogitsException e) {
                return Unscored.of(UnscoredReason.EVALUATOR_FAILURE, String.valueOf(e.getMessage()));
            }
            truncated |= result.truncated();
        }
        return read
                ? scored.truncated(truncated).build()
                : Unscored.of(UnscoredReason.NOT_SUPPORTED, "checkpoint reads the instruction, which is blank");
    }
}
