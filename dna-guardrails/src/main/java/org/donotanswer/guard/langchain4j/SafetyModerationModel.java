package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.moderation.ModerationRequest;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A moderation model backed by a {@link SafetyGuard}. Thread-safe.
 *
 * <p>A single text is checked as an instruction. Of a list of messages, the last user message and the responses to it are checked;
 * earlier turns serve as context only. They were moderated in their time, and AI services pass the whole memory on each call, so one
 * flagged message would flag every later one. System prompts and tool calls are not checked. Passages that an AI service retrieved
 * are, since they are part of the message by then.
 *
 * <p>A text is flagged if the guard does not release it, for whatever reason. The response's metadata holds the verdict under
 * {@value #VERDICT}. Note that {@code @Moderate} puts the flagged text, which is private, into the message of its exception.
 */
public final class SafetyModerationModel implements ModerationModel {
    /** The metadata key of the verdict that flagged a text, or else of the last one. */
    public static final String VERDICT = "verdict";

    private final SafetyGuard guard;

    private SafetyModerationModel(SafetyGuard guard) {
        this.guard = Objects.requireNonNull(guard, "guard");
    }

    /**
     * Returns a model. Has the guard check a greeting, to see whether it can.
     *
     * @throws IllegalArgumentException if the guard's evaluator does not evaluate instructions without a response
     */
    public static ModerationModel of(SafetyGuard guard) {
        SafetyModerationModel model = new SafetyModerationModel(guard);
        SafetyInputGuardrail.requireInstructionsEvaluated(guard);
        return model;
    }

    /** Checks each text as an instruction, up to the first that is flagged. */
    @Override
    public ModerationResponse doModerate(ModerationRequest request) {
        ModerationOutcome outcome = ModerationOutcome.NOTHING;
        for (String text : request.texts()) {
            if (!outcome.isFlagged()) {
                outcome = new ModerationOutcome(guard.checkInstruction(text), text);
            }
        }
        return ModerationResponse.builder()
                .moderation(outcome.moderation())
                .metadata(outcome.metadata())
                .build();
    }

    @Override
    public Response<Moderation> moderate(List<ChatMessage> messages) {
        List<ChatMessage> present = ChatMessages.present(messages);
        int last = ChatMessages.lastOfUser(present);
        Conversation conversation = Conversation.unknown();
        ModerationOutcome outcome = ModerationOutcome.NOTHING;
        if (last >= 0) {
            String instruction = ChatMessages.text((UserMessage) present.get(last));
            conversation = ChatMessages.conversation(present.subList(0, last), instruction);
            outcome = new ModerationOutcome(guard.checkInstruction(conversation), instruction);
        }
        for (ChatMessage message : present.subList(last + 1, present.size())) {
            if (!outcome.isFlagged() && message instanceof AiMessage response && ChatMessages.hasText(response)) {
                outcome = new ModerationOutcome(guard.check(conversation, response.text()), response.text());
            }
        }
        return outcome.response();
    }

    /** The outcome of a moderation: the verdict on a text; null if there was no text. */
    private record ModerationOutcome(@Nullable Verdict verdict, String text) {
        static final ModerationOutcome NOTHING = new ModerationOutcome(null, "");

        boolean isFlagged() {
            return verdict != null && !verdict.released();
        }

        Moderation moderation() {
            return isFlagged() ? Moderation.flagged(text) : Moderation.notFlagged();
        }

        Map<String, Object> metadata() {
            return verdict == null ? Map.of() : Map.of(VERDICT, verdict);
        }

        Response<Moderation> response() {
            return Response.from(moderation(), null, null, metadata());
        }
    }
}
