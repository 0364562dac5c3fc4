package org.donotanswer.bench.soak;

import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.StreamGuard;

/** What one exchange of the pool must yield, computed on one thread. Immutable, hence thread-safe. */
record OracleItem(
        Input input,
        Assessment assessment,
        Assessment instruction,
        Verdict verdict,
        Verdict inConversation,
        Verdict ofInstruction,
        StreamEnd streamed) {
    /**
     * An exchange of the pool. Immutable, hence thread-safe.
     *
     * @param id its index in the pool
     * @param single the conversation before the response, of the instruction alone
     * @param longer the conversation before the response, after the exchange before in the pool
     */
    record Input(int id, Exchange exchange, Conversation single, Conversation longer) {
        static Input of(int id, Exchange exchange, Exchange before) {
            return new Input(
                    id,
                    exchange,
                    Conversation.of(exchange.instruction()),
                    Conversation.of(before.instruction())
                            .assistant(before.response())
                            .user(exchange.instruction()));
        }
    }

    static OracleItem of(Input input, SafetyEvaluator evaluator, SafetyGuard guard) {
        Exchange exchange = input.exchange();
        return new OracleItem(
                input,
                evaluator.evaluate(exchange),
                evaluator.evaluateInstruction(exchange.instruction()),
                guard.check(exchange.instruction(), exchange.response()),
                guard.check(input.longer(), exchange.response()),
                guard.checkInstruction(exchange.instruction()),
                StreamEnd.ofOneToken(StreamGuard.of(guard), input));
    }

    Exchange exchange() {
        return input.exchange();
    }
}
