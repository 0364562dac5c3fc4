package org.donotanswer.guard.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * A chat model whose responses are guarded before anything else sees them: services, chat memories, listeners of services. As
 * thread-safe as the model that it wraps.
 *
 * <p>Each text of the model is checked with the instruction. So are its thoughts, which are left out if they do not pass. Text beside
 * tool calls is checked as {@link SafetyGuard#checkInterim} describes, and the calls pass if it does; if it is blocked, no tool is
 * called. Listeners of the wrapped model see everything.
 *
 * <p>A model cannot distinguish the user's part of a message from retrieved passages. With retrieval, supply the user's part by
 * {@link Builder#userText}, or use a {@link SafetyOutputGuardrail} instead.
 */
public final class GuardedChatModel implements ChatModel {
    private final ChatModel model;
    private final ModelGuardSettings settings;

    private GuardedChatModel(Builder builder) {
        model = builder.model;
        settings = ModelGuardSettings.of(builder.guard, builder.action, builder.userText, builder.locale);
    }

    /** Returns a model that replaces blocked responses. */
    public static GuardedChatModel of(ChatModel model, SafetyGuard guard) {
        return builder(model, guard).build();
    }

    /** Returns a builder. */
    public static Builder builder(ChatModel model, SafetyGuard guard) {
        return new Builder(model, guard);
    }

    /**
     * Returns the response or its replacement.
     *
     * @throws BlockedException if the response is blocked and the action is {@link ModelAction#ERROR}
     * @throws IllegalStateException if the model returns no response or one without a message
     */
    @Override
    public ChatResponse doChat(ChatRequest request) {
        ChatResponse response = GuardedResponses.present(model.chat(request));
        if (model instanceof GuardedChatModel inner && inner.settings.equals(settings)) {
            // It has been checked, and replaced if need be.
            return response;
        }
        Conversation conversation = settings.conversation(request);
        String text = response.aiMessage().text();
        if (text == null) {
            return settings.released(conversation, response);
        }
        Verdict verdict = settings.check(conversation, response.aiMessage(), text);
        if (verdict.released()) {
            return settings.released(conversation, response);
        }
        if (settings.action() == ModelAction.ERROR) {
            throw new BlockedException(verdict);
        }
        return GuardedResponses.replaced(settings.replacement(request), response);
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
        private final ChatModel model;
        private final SafetyGuard guard;
        private @Nullable ModelAction action;
        private @Nullable Function<ChatRequest, @Nullable String> userText;
        private @Nullable Function<ChatRequest, @Nullable Locale> locale;

        private Builder(ChatModel model, SafetyGuard guard) {
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
        public GuardedChatModel build() {
            return new GuardedChatModel(this);
        }
    }
}
