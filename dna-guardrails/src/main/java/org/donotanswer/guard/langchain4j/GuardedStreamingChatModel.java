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
 * A streaming chat model whose answers are guarded while they are written: a handler gets each part of an answer when it has
 * passed, and the complete response if all of it has. The thread on which the model brings them waits for the evaluator. As
 * thread-safe as the model that it stands around.
 *
 * <p>When a part does not pass, the stream ends there and then, as {@link ModelAction} says; from 1.8 on, the model is told to stop
 * where it can. The parts that were shown before, joined, are a prefix of the model's answer. What of a model's events is no text
 * of its answer does not pass unjudged, either:
 *
 * <ul>
 *   <li>Thoughts are not streamed. Those of the complete response are judged, and left out if they do not pass.
 *   <li>Parts of tool calls are not streamed. Complete tool calls are handed on when the text before them has passed.
 *   <li>Raw events of a provider are not handed on.
 * </ul>
 *
 * <p>A model that brings any of these is not silent, but one that brings nothing else for ten idle timeouts of the
 * stream guard is blocked all the same.
 *
 * <p>A model is not told which part of a message the user said, and which are passages that were retrieved to it: where there are
 * such, {@link Builder#userText} can tell. The listeners of the model itself see all that it says.
 */
public final class GuardedStreamingChatModel implements StreamingChatModel {
    private final StreamingChatModel model;
    private final StreamGuard guard;
    private final ModelGuard settings;

    private GuardedStreamingChatModel(Builder builder) {
        model = builder.model;
        guard = builder.guard;
        settings = ModelGuard.of(guard.guard(), builder.action, builder.userText, builder.locale);
    }

    /** Returns a model that streams in the default windows, and puts a replacement where an answer is blocked. */
    public static GuardedStreamingChatModel of(StreamingChatModel model, SafetyGuard guard) {
        return of(model, StreamGuard.of(guard));
    }

    /** Returns a model that puts a replacement where an answer is blocked. */
    public static GuardedStreamingChatModel of(StreamingChatModel model, StreamGuard guard) {
        return builder(model, guard).build();
    }

    /** Returns a builder. */
    public static Builder builder(StreamingChatModel model, StreamGuard guard) {
        return new Builder(model, guard);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        GuardedStream stream = GuardedStream.open(guard, settings, request, handler);
        boolean asked = false;
        try {
            model.chat(request, stream.handler());
            asked = true;
        } finally {
            if (!asked) {
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

        /** Sets what becomes of a blocked answer; {@link ModelAction#REPLACE} if not set. */
        public Builder action(ModelAction value) {
            action = BuilderChecks.setOnce("action", action, value);
            return this;
        }

        /** Sets how to find out what the user said; the last message of the user, where it returns null, and if not set. */
        public Builder userText(Function<ChatRequest, @Nullable String> value) {
            userText = BuilderChecks.setOnce("userText", userText, value);
            return this;
        }

        /** Sets the language of replacements; English if not set. */
        public Builder locale(Locale value) {
            return locale(new FixedLocale<>(value));
        }

        /** Sets how to find out the language of a replacement; English where it returns null, and if not set. */
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
