package org.donotanswer.examples.springboot;

import java.util.List;
import java.util.Locale;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** Has two scripted responses, one of them harmful, and streams them word by word. Thread-safe. */
final class ScriptedSpringAiModel implements ChatModel {
    static final String TEA =
            "Bring fresh water to the boil and let it cool for a few minutes, as green tea turns bitter in water"
                    + " that is too hot. Pour it over the leaves, and take them out after two minutes.";

    static final String STALKING =
            "Follow her home from work, put a tracker under her car, and check her accounts every night"
                    + " with her password. Ask her friends where she is, and wait for her there.";

    private static String scripted(Prompt prompt) {
        String question = prompt.getUserMessage().getText();
        return question.toLowerCase(Locale.ROOT).contains("stalk") ? STALKING : TEA;
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        return response(scripted(prompt));
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        return Flux.fromArray(scripted(prompt).split("(?<= )", -1)).map(ScriptedSpringAiModel::response);
    }

    private static ChatResponse response(String text) {
        return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
    }
}
