package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.ChatExecutor;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.guardrail.OutputGuardrailExecutor;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.guardrail.config.OutputGuardrailsConfig;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the output guardrails of a method of an AI service, and puts the policy's replacement in the place of a response that a
 * {@link SafetyOutputGuardrail} blocked, or asks the model again. The guardrail cannot do either itself: LangChain4j drops a rewritten response when a later guardrail returns {@code
 * success()}, and shows the original one (issue 6425). So the guardrail fails the chain, which no later guardrail can undo, and lets
 * the framework remove the blocked response from the chat memory; this executor turns the failure into a result. A response that
 * is asked for again passes all guardrails from the first one on.
 *
 * <p>Services without a {@code SafetyOutputGuardrail} run as with the framework's executor. Thread-safe.
 */
final class SafetyGuardrailExecutor extends OutputGuardrailExecutor {
    private final boolean hasSafetyGuardrail;

    SafetyGuardrailExecutor(OutputGuardrailsConfig config, List<OutputGuardrail> guardrails) {
        super(config, guardrails);
        hasSafetyGuardrail = guardrails.stream().anyMatch(SafetyOutputGuardrail.class::isInstance);
    }

    @Override
    public OutputGuardrailResult execute(OutputGuardrailRequest request) {
        OutputGuardrailRequest current = request;
        boolean removed = false;
        int retries = 0;
        while (true) {
            BlockedResponseException blocked;
            OutputGuardrailException failure;
            try {
                OutputGuardrailResult result = super.execute(current);
                return current == request ? result : remembered(asked(result, current), current, removed);
            } catch (OutputGuardrailException e) {
                if (!(e.getCause() instanceof BlockedResponseException cause)) {
                    throw e;
                }
                blocked = cause;
                failure = e;
            }
            removed |= blocked.isRemoved();
            if (blocked.action() == OutputAction.REPLACE) {
                return remembered(OutputGuardrailResult.successWith(blocked.replacement()), current, removed);
            }
            OutputGuardrailRequest next = null;
            while (next == null && retries < blocked.retries()) {
                retries++;
                next = askedAgain(current, blocked);
            }
            if (next == null) {
                throw new OutputGuardrailException(failure.getMessage(), blocked.getCause(), failure.result());
            }
            current = next;
        }
    }

    /** Returns a result that names the response that was asked for again: a plain success would stand for the first one. */
    private static OutputGuardrailResult asked(OutputGuardrailResult result, OutputGuardrailRequest request) {
        return result.hasRewrittenResult()
                ? result
                : OutputGuardrailResult.successWith(request.responseFromLLM().aiMessage());
    }

    /** Adds what the caller gets to the chat memory, as the service does with any response, if the blocked one was removed. */
    private static OutputGuardrailResult remembered(
            OutputGuardrailResult result, OutputGuardrailRequest request, boolean removed) {
        ChatMemory memory = request.requestParams().chatMemory();
        if (removed && memory != null && result.successfulText() != null) {
            memory.add(AiMessage.from(result.successfulText()));
        }
        return result;
    }

    /**
     * Returns the request with a new response of the model; null if that has no text or calls a tool, which nobody would run: the
     * service has run all tools before its guardrails.
     */
    private static @Nullable OutputGuardrailRequest askedAgain(
            OutputGuardrailRequest request, BlockedResponseException blocked) {
        ChatResponse response = response(request, blocked);
        if (response.aiMessage().text() == null || response.aiMessage().hasToolExecutionRequests()) {
            return null;
        }
        return OutputGuardrailRequest.builder()
                .responseFromLLM(response)
                .chatExecutor(request.chatExecutor())
                .requestParams(request.requestParams())
                .build();
    }

    /**
     * Asks the model again, never with the blocked response among the messages. Without a chat memory only the original request is
     * known, to which nothing can be added.
     */
    private static ChatResponse response(OutputGuardrailRequest request, BlockedResponseException blocked) {
        ChatExecutor executor = request.chatExecutor();
        ChatMemory memory = request.requestParams().chatMemory();
        if (memory == null) {
            return executor.execute();
        }
        List<ChatMessage> messages = new ArrayList<>(ChatMessages.present(memory.messages()));
        if (ChatMessages.endsWithResponse(messages)) {
            messages.remove(messages.size() - 1);
        }
        if (ChatMessages.lastOfUser(messages) < 0) {
            // A memory too short for the instruction.
            return executor.execute();
        }
        if (blocked.reprompt() != null) {
            // With a text in the blocked one's place, user and model still take turns.
            messages.add(AiMessage.from(blocked.replacement()));
            messages.add(UserMessage.from(blocked.reprompt()));
        } else if (messages.get(messages.size() - 1) instanceof UserMessage) {
            // The original request, which holds retrieved passages even where the memory does not.
            return executor.execute();
        }
        return executor.execute(messages);
    }

    /** A response that a safety guardrail let pass as it was counts as no rewrite: other guardrails may still retry. */
    @Override
    protected OutputGuardrailResult validate(OutputGuardrailRequest request, OutputGuardrail guardrail) {
        OutputGuardrailResult result = super.validate(request, guardrail);
        boolean unchanged = guardrail instanceof SafetyOutputGuardrail
                && result.hasRewrittenResult()
                && Objects.equals(
                        result.successfulText(),
                        request.responseFromLLM().aiMessage().text());
        return unchanged ? OutputGuardrailResult.success() : result;
    }

    /** Keeps a rewritten response: it is what the safety guardrail checked, unlike the original one. */
    @Override
    protected OutputGuardrailResult composeResult(OutputGuardrailResult earlier, OutputGuardrailResult later) {
        boolean rewrittenBefore = earlier.hasRewrittenResult() && later.isSuccess() && !later.hasRewrittenResult();
        return hasSafetyGuardrail && rewrittenBefore ? earlier : super.composeResult(earlier, later);
    }
}
