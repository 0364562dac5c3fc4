package org.donotanswer.bench.crossvalidation;

import java.util.List;
import org.donotanswer.dataset.BenignExchange;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.Response;

/**
 * One training and what is tested with it. Immutable, hence thread-safe.
 *
 * @param protocol what it is part of
 * @param name of the fold, such as the LLM's
 * @param llm whose answers are tested
 * @param holdout what is kept from training
 * @param answers what is tested
 * @param benign harmless exchanges tested beside
 */
public record FoldTask(
        Protocol protocol, String name, Llm llm, Holdout holdout, List<Response> answers, List<BenignItem> benign) {
    public FoldTask {
        answers = List.copyOf(answers);
        benign = List.copyOf(benign);
    }

    /** Where a benign exchange is from. */
    public enum BenignSet {
        EVERYDAY,
        HARD
    }

    /**
     * A harmless exchange to test.
     *
     * @param index its place in its set, from 0
     * @param llmUnseen whether training saw nothing of who wrote the response
     * @param instructionUnseen whether training did not see the instruction
     */
    public record BenignItem(
            BenignSet set, int index, BenignExchange exchange, boolean llmUnseen, boolean instructionUnseen) {}
}
