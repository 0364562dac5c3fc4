package org.donotanswer.guard.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.guard.stream.StreamListener;
import org.donotanswer.guard.stream.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a model and the handler of one stream. To the model it is a handler, by a proxy: newer releases have events that
 * the oldest, which this is compiled against, does not know, and an event that nobody here knows must not pass. The model brings
 * events one at a time; a silent model's stream is ended on another thread.
 */
final class GuardedStream implements InvocationHandler, StreamListener {
    private enum State {
        /** The model is at it. */
        OPEN,
        /** The handler is being told the end. */
        ENDING,
        /** The handler threw when it was told the end, and is told of what it threw, as models do. */
        THROWN,
        /** It is over. */
        ENDED
    }

    private static final String BEFORE_REPLACEMENT = "\n\n";

    private final ModelGuard settings;
    private final ChatRequest request;
    private final Conversation conversation;
    private final StreamingChatResponseHandler target;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final StringBuilder received = new StringBuilder();
    private final List<Runnable> toolCalls = new ArrayList<>();
    private @Nullable TokenSink sink;
    private @Nullable ChatResponse complete;
    private volatile @Nullable StreamControl control;
    private volatile boolean shown;

    private GuardedStream(ModelGuard settings, ChatRequest request, StreamingChatResponseHandler target) {
        this.settings = settings;
        this.request = request;
        this.target = target;
        conversation = settings.conversation(request);
    }

    /** Starts a stream. */
    static GuardedStream open(
            StreamGuard guard, ModelGuard settings, ChatRequest request, StreamingChatResponseHandler target) {
        GuardedStream stream = new GuardedStream(settings, request, target);
        stream.sink = guard.open(stream.conversation, stream);
        return stream;
    }

    /** Returns what the model is to tell its events. */
    StreamingChatResponseHandler handler() {
        Class<?> type = StreamingChatResponseHandler.class;
        return (StreamingChatResponseHandler)
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this);
    }

    /** Ends a stream without a word. */
    void cancel() {
        state.set(State.ENDED);
        sink().cancel();
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, arguments);
        }
        Object event = Objects.requireNonNull(arguments, "arguments")[0];
        switch (method.getName()) {
            case "onPartialResponse" -> token(event, arguments.length > 1 ? arguments[1] : null);
            case "onCompleteToolCall" -> {
                toolCalls.add(() -> Newer.call(method, target, event));
                sink().accept(null);
            }
            case "onCompleteResponse" -> complete((ChatResponse) event);
            case "onError" -> error((Throwable) event);
            default -> {
                // Thoughts, parts of tool calls, raw events of a provider, and what is to come: nobody judged it. But a
                // model
                // that brings them is not silent.
                sink().accept(null);
            }
        }
        return null;
    }

    private Object ofObject(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "GuardedStream[" + state.get() + "]";
        };
    }

    private void token(@Nullable Object event, @Nullable Object context) {
        if (state.get() != State.OPEN) {
            return;
        }
        if (event == null) {
            sink().accept(null);
            return;
        }
        if (context != null) {
            control = new StreamControl(context);
        }
        String token = event instanceof String text ? text : StreamControl.text(event);
        received.append(token);
        sink().accept(token);
    }

    private void complete(ChatResponse response) {
        if (state.get() != State.OPEN) {
            return;
        }
        complete = response;
        String text = response.aiMessage().text();
        if (text == null && received.isEmpty()) {
            sink().cancel();
            end(() -> handOver(response));
            return;
        }
        if (text != null && text.length() > received.length() && text.startsWith(received.toString())) {
            // Not all models bring all of the text, or any of it, in parts.
            token(text.substring(received.length()), null);
        }
        sink().complete();
    }

    private void error(Throwable error) {
        if (state.compareAndSet(State.OPEN, State.ENDED)) {
            // Not fail(..), which must not come while a token is judged: some models give up on another thread.
            sink().cancel();
            target.onError(error);
        } else if (state.compareAndSet(State.THROWN, State.ENDED)) {
            target.onError(error);
        }
    }

    @Override
    public void onText(String text) {
        if (state.get() != State.OPEN) {
            return;
        }
        shown = true;
        show(text);
        StreamControl present = control;
        if (present != null && present.isCancelled()) {
            cancel();
        }
    }

    private void show(String text) {
        StreamControl present = control;
        if (present == null) {
            target.onPartialResponse(text);
        } else {
            present.show(target, text);
        }
    }

    @Override
    public void onFinished(Verdict verdict) {
        ChatResponse response = Objects.requireNonNull(complete, "response");
        String text = response.aiMessage().text();
        if (text != null && !text.strip().equals(received.toString().strip())) {
            Verdict other = settings.guard().check(conversation, text);
            if (!other.released()) {
                onBlocked(other);
                return;
            }
        }
        end(() -> handOver(response));
    }

    private void handOver(ChatResponse response) {
        toolCalls.forEach(Runnable::run);
        target.onCompleteResponse(settings.released(conversation, response));
    }

    @Override
    public void onBlocked(Verdict verdict) {
        StreamControl present = control;
        if (present != null && present.isCancelled()) {
            cancel();
            return;
        }
        try {
            end(() -> tellOf(verdict));
        } finally {
            if (present != null && complete == null) {
                present.cancel();
            }
        }
    }

    private void tellOf(Verdict verdict) {
        if (settings.action() == ModelAction.ERROR) {
            target.onError(new BlockedException(verdict));
            return;
        }
        String replacement = settings.replacement(request);
        show(shown ? BEFORE_REPLACEMENT + replacement : replacement);
        target.onCompleteResponse(Responses.replaced(replacement, complete));
    }

    /** Does nothing: errors go past the sink. */
    @Override
    public void onError(Throwable error) {}

    /** Tells the handler the end, unless another has. */
    private void end(Runnable telling) {
        if (!state.compareAndSet(State.OPEN, State.ENDING)) {
            return;
        }
        State then = State.THROWN;
        try {
            telling.run();
            then = State.ENDED;
        } finally {
            state.set(then);
        }
    }

    private TokenSink sink() {
        return Objects.requireNonNull(sink, "sink");
    }
}
