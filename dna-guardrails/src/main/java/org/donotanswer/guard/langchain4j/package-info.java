/**
 * Guards chatbots made with LangChain4j, from 1.1 on.
 *
 * <p>{@link org.donotanswer.guard.langchain4j.GuardedStreamingChatModel} and {@link
 * org.donotanswer.guard.langchain4j.GuardedChatModel} stand around a model: whatever is built upon them gets, remembers and streams
 * only what passed. {@link org.donotanswer.guard.langchain4j.SafetyOutputGuardrail} and {@link
 * org.donotanswer.guard.langchain4j.SafetyInputGuardrail} are the framework's guardrails, which know what the user said before
 * passages were retrieved to it, and may ask again; but with them a stream shows nothing until it is complete. {@link
 * org.donotanswer.guard.langchain4j.SafetyModerationModel} serves {@code @Moderate} and whatever else moderates.
 */
@NullMarked
package org.donotanswer.guard.langchain4j;

import org.jspecify.annotations.NullMarked;
