package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * Streams scripted responses, repeating the last one, and records the requests. Like the framework's models, it reports to the
 * handler what the handler threw.
 */
final class ScriptedStreamingModel implements StreamingChatModel {
    /** One response. */
    interface Script {
        void tell(StreamingChatResponseHandler handler);
    }

    private static final Pattern AFTER_SPACE = Pattern.compile("(?<= )");

    final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private final Deque<Script> scripts;

    ScriptedStreamingModel(Script... scripts) {
        this.scripts = new ArrayDeque<>(Arrays.asList(scripts));
    }

    /** Streams each response word by word. */
    static ScriptedStreamingModel saying(String... answers) {
        return new ScriptedStreamingModel(
                Arrays.stream(answers).map(ScriptedStreamingModel::words).toArray(Script[]::new));
    }

    static Script words(String answer) {
        return tokens(AiMessage.from(answer), split(answer));
    }

    /** Splits a text into words, each with the space after it. */
    static String[] split(String answer) {
        return AFTER_SPACE.split(answer);
    }

    static Script tokens(AiMessage complete, String... tokens) {
        return handler -> {
            for (String token : tokens) {
                handler.onPartialResponse(token);
            }
            handler.onCompleteResponse(ScriptedModel.response(complete));
        };
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Script script;
        synchronized (scripts) {
            requests.add(request);
            script = scripts.size() > 1 ? scripts.removeFirst() : scripts.getFirst();
        }
        try {
            script.tell(handler);
        } catch (IllegalStateException | dev.langchain4j.exception.LangChain4jException e) {
            handler.onError(e);
        }
    }
}
