package org.donotanswer.guard.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * A streaming chat model whose responses are guarded while they are generated: a handler gets each part once it has passed, and the
 * complete response once all of it has. The thread on which the model delivers them waits for the evaluator. As thread-safe as the
 * model that it wraps.
 *
 * <p>If a part does not pass, the stream ends at once, as {@link ModelAction} describes, and the model is told to stop if it can. The
 * parts shown so far, joined, are a prefix of the model's response. Events other than text do not pass unchecked either:
 *
 * <ul>
 *   <li>Thoughts are not streamed. Those of the complete response are checked, and left out if they do not pass.
 *   <li>Parts of tool calls are not streamed. Complete tool calls are passed on once the text before them has passed.
 *   <li>A provider's raw events are not passed on.
 * </ul>
 *
 * <p>Text before tool calls is checked as {@link SafetyGuard#checkInterim} describes; if it is blocked, no tool is called. If the
 * model ends without a response, or the handler throws, the stream ends at once with {@code onError}.
 *
 * <p>Any event counts as a sign of life, but a model that sends nothing else for ten idle timeouts of the stream guard is blocked.
 *
 * <p>A model cannot distinguish the user's part of a message from retrieved passages. With retrieval, supply the user's part by
 * {@link Builder#userText}. Listeners of the wrapped model see everything.
 */
public final class GuardedStreamingChatModel implements StreamingChatModel {
    private final StreamingChatModel model;
    private final StreamGuard guard;
    private final ModelGuardSettings settings;

    private GuardedStreamingChatModel(Builder builder) {
        model = builder.model;
        guard = builder.guard;
        settings = ModelGuardSettings.of(guard.guard(), builder.action, builder.userText, builder.locale);
    }

    /** Returns a model that streams with the default windows and replaces blocked responses. */
    public static GuardedStreamingChatModel of(StreamingChatModel model, SafetyGuard guard) {
        return of(model, StreamGuard.of(guard));
    }

    /** Returns a model that replaces blocked responses. */
    public static GuardedStreamingChatModel of(StreamingChatModel model, StreamGuard guard) {
        return builder(model, guard).build();
    }

    /** Returns a builder. */
    public static Builder builder(StreamingChatModel model, StreamGuard guard) {
        return new Builder(model, guard);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        if (model instanceof GuardedStreamingChatModel inner
                && inner.guard == guard
                && inner.settings.equals(settings)) {
            model.chat(request, handler);
            return;
        }
        GuardedStream stream = GuardedStream.open(guard, settings, request, handler);
        boolean accepted = false;
        try {
            model.chat(request, stream.handler());
            accepted = true;
        } finally {
            if (!accepted) {
                stream.cancel();
            }
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters();
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return model.supportedCapabilities();
    }

    /** Builds a model. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private final StreamingChatModel model;
        private final StreamGuard guard;
        private @Nullable ModelAction action;
        private @Nullable Function<ChatRequest, @Nullable String> userText;
        private @Nullable Function<ChatRequest, @Nullable Locale> locale;

        private Builder(StreamingChatModel model, StreamGuard guard) {
            this.model = Objects.requireNonNull(model, "model");
            this.guard = Objects.requireNonNull(guard, "guard");
        }

        /** Sets what happens to a blocked response; {@link ModelAction#REPLACE} if not set. */
        public Builder action(ModelAction value) {
            action = BuilderChecks.setOnce("action", action, value);
            return this;
        }

        /** Sets where the instruction comes from; the last user message if not set or if it returns null. */
        public Builder userText(Function<ChatRequest, @Nullable String> value) {
            userText = BuilderChecks.setOnce("userText", userText, value);
            return this;
        }

        /** Sets the language of the replacement; English if not set. */
        public Builder locale(Locale value) {
            return locale(new FixedLocale<>(value));
        }

        /** Sets a function that chooses the language of the replacement; English if not set or if it returns null. */
        public Builder locale(Function<ChatRequest, @Nullable Locale> value) {
            locale = BuilderChecks.setOnce("locale", locale, value);
            return this;
        }

        /** Returns the model. */
        public GuardedStreamingChatModel build() {
            return new GuardedStreamingChatModel(this);
        }
    }
}
