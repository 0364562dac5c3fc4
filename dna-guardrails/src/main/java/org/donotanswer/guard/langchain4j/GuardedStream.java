package org.donotanswer.guard.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.guard.stream.StreamListener;
import org.donotanswer.guard.stream.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * Sits between a model and the handler of one stream. Events that neither this class nor the oldest supported release knows do not
 * pass: their default methods do nothing. The model sends events one at a time; the stream of a silent model is ended on another
 * thread.
 */
final class GuardedStream implements StreamListener {
    /** The maximum number of tool calls of one response. */
    static final int MAX_TOOL_CALLS = 1_000;

    private static final String BEFORE_REPLACEMENT = "\n\n";

    private final ModelGuardSettings settings;
    private final ChatRequest request;
    private final Conversation conversation;
    private final StreamingChatResponseHandler target;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final StringBuilder received = new StringBuilder();
    private final List<CompleteToolCall> toolCalls = new ArrayList<>();
    private @Nullable TokenSink sink;
    private @Nullable ChatResponse complete;
    private volatile @Nullable PartialResponseContext context;
    private volatile boolean shown;

    private GuardedStream(ModelGuardSettings settings, ChatRequest request, StreamingChatResponseHandler target) {
        this.settings = settings;
        this.request = request;
        this.target = target;
        conversation = settings.conversation(request);
    }

    /** Starts a stream. */
    static GuardedStream open(
            StreamGuard guard, ModelGuardSettings settings, ChatRequest request, StreamingChatResponseHandler target) {
        GuardedStream stream = new GuardedStream(settings, request, target);
        stream.sink = guard.open(stream.conversation, stream, stream::callsTools);
        return stream;
    }

    /** Returns the handler for the model. */
    StreamingChatResponseHandler handler() {
        return new ModelHandler();
    }

    /** Ends the stream without an event. */
    void cancel() {
        ended.set(true);
        sink().cancel();
    }

    private final class ModelHandler implements StreamingChatResponseHandler {
        @Override
        public void onPartialResponse(String text) {
            token(text, null);
        }

        @Override
        public void onPartialResponse(PartialResponse part, PartialResponseContext partContext) {
            token(part == null ? null : part.text(), partContext);
        }

        @Override
        public void onPartialThinking(PartialThinking thinking) {
            withheld();
        }

        @Override
        public void onPartialToolCall(PartialToolCall call) {
            withheld();
        }

        /** Overrides a method that the framework has from 1.17 on, and the version compiled against lacks. */
        @SuppressWarnings({"UnusedMethod", "UnusedVariable", "EffectivelyPrivate"})
        public void onUnmappedRawEvent(Object event) {
            withheld();
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            toolCall(call);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            complete(response);
        }

        @Override
        public void onError(Throwable error) {
            failed(error);
        }
    }

    /** Notes an event that is not shown, but proves that the model is not silent. */
    private void withheld() {
        sink().accept(null);
    }

    private void token(@Nullable String text, @Nullable PartialResponseContext partContext) {
        if (ended.get()) {
            return;
        }
        if (text == null) {
            withheld();
            return;
        }
        if (partContext != null) {
            context = partContext;
        }
        received.append(text);
        sink().accept(text);
    }

    private void toolCall(@Nullable CompleteToolCall call) {
        if (ended.get()) {
            return;
        }
        if (toolCalls.size() == MAX_TOOL_CALLS) {
            failed(new IllegalStateException(
                    "response must have at most " + MAX_TOOL_CALLS + " tool calls, but had more"));
            stopModel();
            return;
        }
        if (call != null) {
            toolCalls.add(call);
        }
        withheld();
    }

    /** Returns whether the response calls tools, so that its text only leads up to that. */
    private boolean callsTools() {
        ChatResponse response = complete;
        return !toolCalls.isEmpty() || (response != null && response.aiMessage().hasToolExecutionRequests());
    }

    private void complete(@Nullable ChatResponse response) {
        if (ended.get()) {
            return;
        }
        if (response == null || response.aiMessage() == null) {
            failed(new IllegalStateException("response of the model must "
                    + (response == null ? "be present, but was null" : "have a message, but had none")));
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
            // Not all models send the whole text, or any of it, in parts.
            token(text.substring(received.length()), null);
        }
        sink().complete();
    }

    private void failed(@Nullable Throwable error) {
        if (ended.compareAndSet(false, true)) {
            // Not fail(..), which must not overlap with the check of a token: some models fail on another thread.
            sink().cancel();
            target.onError(
                    error == null
                            ? new IllegalStateException("error of the model must be present, but was null")
                            : error);
        }
    }

    /**
     * Tells the handler what it threw, as the framework's models do. Not all models would if they got it, and then the stream
     * would have no end.
     */
    private void reportThrown(Throwable thrown) {
        target.onError(thrown);
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    @Override
    public void onText(String text) {
        if (ended.get()) {
            return;
        }
        shown = true;
        try {
            show(text);
        } catch (Throwable e) {
            // The handler may be code in a language without checked exceptions.
            if (ended.compareAndSet(false, true)) {
                sink().cancel();
                stopModel();
                reportThrown(e);
            }
            return;
        }
        if (isCancelledByReader()) {
            cancel();
        }
    }

    private void show(String text) {
        PartialResponseContext present = context;
        if (present == null) {
            target.onPartialResponse(text);
        } else {
            target.onPartialResponse(new PartialResponse(text), present);
        }
    }

    private boolean isCancelledByReader() {
        PartialResponseContext present = context;
        return present != null && present.streamingHandle().isCancelled();
    }

    private void stopModel() {
        PartialResponseContext present = context;
        if (present == null || complete != null) {
            return;
        }
        try {
            present.streamingHandle().cancel();
        } catch (UnsupportedFeatureException e) {
            // The model goes on in vain.
        }
    }

    @Override
    public void onFinished(Verdict verdict) {
        ChatResponse response = Objects.requireNonNull(complete, "response");
        String text = response.aiMessage().text();
        if (text != null && !text.strip().equals(received.toString().strip())) {
            Verdict other = settings.check(conversation, response.aiMessage(), text);
            if (!other.released()) {
                onBlocked(other);
                return;
            }
        }
        end(() -> handOver(response));
    }

    private void handOver(ChatResponse response) {
        toolCalls.forEach(target::onCompleteToolCall);
        target.onCompleteResponse(settings.released(conversation, response));
    }

    @Override
    public void onBlocked(Verdict verdict) {
        if (isCancelledByReader()) {
            cancel();
            return;
        }
        try {
            if (settings.action() == ModelAction.ERROR) {
                failed(new BlockedException(verdict));
            } else {
                end(this::showReplacement);
            }
        } finally {
            stopModel();
        }
    }

    private void showReplacement() {
        String replacement = settings.replacement(request);
        show(shown ? BEFORE_REPLACEMENT + replacement : replacement);
        target.onCompleteResponse(GuardedResponses.replaced(replacement, complete));
    }

    /** Does nothing: errors bypass the sink. */
    @Override
    public void onError(Throwable error) {}

    /** Tells the handler the end, unless it was told before. */
    private void end(Runnable action) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        try {
            action.run();
        } catch (Throwable e) {
            reportThrown(e);
        }
    }

    private TokenSink sink() {
        return Objects.requireNonNull(sink, "sink");
    }
}
