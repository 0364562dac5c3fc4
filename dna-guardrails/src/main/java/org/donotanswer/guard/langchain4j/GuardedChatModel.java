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
 * A chat model whose answers are guarded before anything else sees them: services, memories, listeners of services. As thread-safe
 * as the model that it stands around.
 *
 * <p>Each text of the model is judged with what the user said; so is what it thought, where it tells that, which is left out if
 * it does not pass. Tool calls pass with a text that does. The listeners of the model itself see all that it says.
 *
 * <p>A model is not told which part of a message the user said, and which are passages that were retrieved to it: where there are
 * such, {@link Builder#userText} can tell, or a {@link SafetyOutputGuardrail} takes this one's place.
 */
public final class GuardedChatModel implements ChatModel {
    private final ChatModel model;
    private final ModelGuard settings;

    private GuardedChatModel(Builder builder) {
        model = builder.model;
        settings = ModelGuard.of(builder.guard, builder.action, builder.userText, builder.locale);
    }

    /** Returns a model that answers with a replacement where an answer is blocked. */
    public static GuardedChatModel of(ChatModel model, SafetyGuard guard) {
        return builder(model, guard).build();
    }

    /** Returns a builder. */
    public static Builder builder(ChatModel model, SafetyGuard guard) {
        return new Builder(model, guard);
    }

    /**
     * Returns the answer, or what stands in its place.
     *
     * @throws BlockedException if the answer is blocked, and the action is {@link ModelAction#ERROR}
     */
    @Override
    public ChatResponse doChat(ChatRequest request) {
        ChatResponse response = model.chat(request);
        Conversation conversation = settings.conversation(request);
        String text = response.aiMessage().text();
        if (text == null) {
            return settings.released(conversation, response);
        }
        Verdict verdict = settings.guard().check(conversation, text);
        if (verdict.released()) {
            return settings.released(conversation, response);
        }
        if (settings.action() == ModelAction.ERROR) {
            throw new BlockedException(verdict);
        }
        return Responses.replaced(settings.replacement(request), response);
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
        public GuardedChatModel build() {
            return new GuardedChatModel(this);
        }
    }
}
