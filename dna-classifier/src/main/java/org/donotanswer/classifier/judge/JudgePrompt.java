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
 * How a judge is asked. Immutable, hence thread-safe.
 *
 * @param model the chatbot's name
 * @param rubric what it is told
 * @param settings how the chatbot was set up, by name
 * @param maxChars how many chars of either text it is shown
 * @param judgeInstruction whether it judges the instruction, too, where that is known
 * @param secret what seals requests; of the evaluator alone
 */
record JudgePrompt(
        String model,
        Rubric rubric,
        SortedMap<String, String> settings,
        int maxChars,
        boolean judgeInstruction,
        SecretKey secret) {
    /** Returns the key under which the reply is kept. The form of the answer is not part of it: the verdict is the same. */
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

    /** Returns what the chatbot replies. */
    JudgeReply ask(ChatModel chatbot, Exchange exchange, ReplyFormat form) throws ChatException, InterruptedException {
        RequestTokens tokens = RequestTokens.of(secret, exchange);
        boolean both = judgeInstruction && !exchange.hasBlankInstruction();
        ChatReply reply = chatbot.chat(new ChatRequest(
                Optional.of(rubric.system(both)),
                rubric.user(exchange, tokens, maxChars, form, both),
                form == ReplyFormat.JSON ? Optional.of(JudgementSchema.of(both)) : Optional.empty()));
        return new JudgeReply(key(exchange), form, tokens.token(), both, reply);
    }

    /** Returns whether the chatbot is not shown the whole of an exchange. */
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
