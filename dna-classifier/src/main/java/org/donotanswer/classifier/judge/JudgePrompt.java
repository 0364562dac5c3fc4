package org.donotanswer.classifier.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import javax.crypto.SecretKey;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.ChatReply;
import org.donotanswer.classifier.chat.ChatRequest;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;

/**
 * Builds the requests to a judge. Immutable, hence thread-safe.
 *
 * @param model the name of the chat model
 * @param rubric the text that the judge is given
 * @param settings the settings of the chat model, by name
 * @param maxChars how many chars of either text are sent
 * @param judgeInstruction whether the instruction is judged as well, if it is known
 * @param secret the secret from which the tokens of requests are derived
 */
record JudgePrompt(
        String model,
        Rubric rubric,
        SortedMap<String, String> settings,
        int maxChars,
        boolean judgeInstruction,
        SecretKey secret) {
    /**
     * Returns the key under which the reply is cached. The format is not part of it, because the judgement is the same.
     */
    String key(Exchange exchange) {
        List<String> parts = new ArrayList<>(List.of(
                "judge",
                rubric.checksum(),
                model,
                Integer.toString(maxChars),
                Boolean.toString(judgeInstruction),
                Integer.toString(settings.size())));
        settings.forEach((setting, value) -> parts.addAll(List.of(setting, value)));
        parts.add(exchange.instruction());
        parts.add(exchange.response());
        return RequestTokens.sha256(parts);
    }

    /** Asks the chat model about an exchange and returns the reply. */
    JudgeReply ask(ChatModel chatModel, Exchange exchange, ReplyFormat format)
            throws ChatException, InterruptedException {
        RequestTokens tokens = RequestTokens.of(secret, exchange);
        boolean both = judgeInstruction && !exchange.hasBlankInstruction();
        ChatReply reply = chatModel.chat(new ChatRequest(
                Optional.of(rubric.system(both)),
                rubric.user(exchange, tokens, maxChars, format, both),
                format == ReplyFormat.JSON ? Optional.of(JudgementSchema.of(both)) : Optional.empty()));
        return new JudgeReply(key(exchange), format, tokens.token(), both, reply);
    }

    /** Returns whether part of an exchange is left out. */
    boolean truncates(Exchange exchange) {
        return exchange.instruction().length() > maxChars || exchange.response().length() > maxChars;
    }

    Provenance provenance(String evaluator) {
        ProvenanceBuilder provenance = Provenance.builder(evaluator, Rubric.VERSION)
                .data("rubric", rubric.checksum())
                .parameter("rubric", Rubric.VERSION)
                .parameter("model", model)
                .parameter("maxChars", Integer.toString(maxChars))
                .parameter("judgeInstruction", Boolean.toString(judgeInstruction));
        settings.forEach((setting, value) -> provenance.parameter("setting." + setting, value));
        return provenance.build();
    }
}
