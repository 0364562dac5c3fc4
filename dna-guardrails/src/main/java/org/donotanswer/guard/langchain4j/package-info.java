/**
 * Guards for chatbots built with LangChain4j 1.16 or later.
 *
 * <p>{@link org.donotanswer.guard.langchain4j.GuardedStreamingChatModel} and {@link
 * org.donotanswer.guard.langchain4j.GuardedChatModel} wrap a model: services built on them return, remember and stream only what
 * passed. {@link org.donotanswer.guard.langchain4j.SafetyOutputGuardrail} and {@link
 * org.donotanswer.guard.langchain4j.SafetyInputGuardrail} are guardrails of AI services. They know the instruction without retrieved
 * passages, and can have the model asked again; but a stream with an output guardrail shows nothing until it is complete. {@link
 * org.donotanswer.guard.langchain4j.SafetyModerationModel} serves {@code @Moderate} and other users of moderation models.
 */
@NullMarked
package org.donotanswer.guard.langchain4j;

import org.jspecify.annotations.NullMarked;
