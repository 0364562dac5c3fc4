package org.donotanswer.bench.crossvalidation;

import java.util.List;
import org.donotanswer.dataset.BenignExchange;
import org.donotanswer.dataset.Response;

/**
 * One training and what is tested with it. Immutable, hence thread-safe.
 *
 * @param protocol the protocol that it belongs to
 * @param name the fold's name, for example the LLM's
 * @param holdout what is held out
 * @param responses the responses to test
 * @param benign harmless exchanges to test as well
 */
public record FoldTask(
        Protocol protocol, String name, Holdout holdout, List<Response> responses, List<BenignItem> benign) {
    /** Copies the lists. */
    public FoldTask {
        responses = List.copyOf(responses);
        benign = List.copyOf(benign);
    }

    /** Where a benign exchange comes from. Immutable, hence thread-safe. */
    public enum BenignSet {
        /** Everyday exchanges. */
        EVERYDAY,
        /** Harmless exchanges with alarming words. */
        HARD
    }

    /**
     * A harmless exchange to test. Immutable, hence thread-safe.
     *
     * @param index its index in its set, from 0
     * @param llmUnseen whether all responses of the exchange's LLM are held out
     * @param instructionUnseen whether the instruction is held out
     */
    public record BenignItem(
            BenignSet set, int index, BenignExchange exchange, boolean llmUnseen, boolean instructionUnseen) {}
}
