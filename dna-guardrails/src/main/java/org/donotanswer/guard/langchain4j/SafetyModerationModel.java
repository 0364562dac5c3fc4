package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Moderates by a {@link SafetyGuard}. Thread-safe.
 *
 * <p>A text is judged as what a user says. Of messages, those are judged that were said last: the user's last message, and what
 * the chatbot answered to it. What was said before is known to the guard, but was moderated in its time: AI services hand over the
 * whole memory each time, in which one flagged message would flag every later one. System prompts and tool calls are not judged;
 * passages that an AI service retrieved to a message are, as they are part of it by then.
 *
 * <p>Flagged is what the guard does not release, for whatever reason. The response's metadata have the verdict under {@value
 * #VERDICT}. {@code @Moderate} writes the flagged text, which is private, into the message of its exception.
 */
public final class SafetyModerationModel implements ModerationModel {
    /** The name of the verdict among the response's metadata: of the one that flagged, else of the last. */
    public static final String VERDICT = "verdict";

    private final SafetyGuard guard;

    private SafetyModerationModel(SafetyGuard guard) {
        this.guard = Objects.requireNonNull(guard, "guard");
    }

    /**
     * Returns a model for the release of the framework at hand: from 1.12 on, one that takes moderation requests, too. Has the
     * guard judge a greeting, to see whether it can.
     *
     * @throws IllegalArgumentException if the guard's evaluator does not judge instructions that have no answer yet
     */
    public static ModerationModel of(SafetyGuard guard) {
        SafetyModerationModel model = new SafetyModerationModel(guard);
        SafetyInputGuardrail.requireInstructionsJudged(guard);
        return ModerationRequests.serve(model);
    }

    @Override
    public Response<Moderation> moderate(String text) {
        return moderation(List.of(text)).response();
    }

    @Override
    public Response<Moderation> moderate(List<ChatMessage> messages) {
        List<ChatMessage> present = Messages.present(messages);
        int last = Messages.lastOfUser(present);
        Conversation conversation = Conversation.unknown();
        Found found = Found.NOTHING;
        if (last >= 0) {
            String said = Messages.text((UserMessage) present.get(last));
            conversation = Messages.answeredEach(present.subList(0, last), said);
            found = new Found(guard.checkInstruction(conversation), said);
        }
        for (ChatMessage message : present.subList(last + 1, present.size())) {
            if (!found.isFlagged() && message instanceof AiMessage answer && Messages.hasText(answer)) {
                found = new Found(guard.check(conversation, answer.text()), answer.text());
            }
        }
        return found.response();
    }

    /** Judges each text as what a user says, up to the first that is flagged. */
    Found moderation(List<String> texts) {
        Found found = Found.NOTHING;
        for (String text : texts) {
            if (!found.isFlagged()) {
                found = new Found(guard.checkInstruction(text), text);
            }
        }
        return found;
    }

    /** What a moderation found: the verdict on a text, or null if there was none. */
    record Found(@Nullable Verdict verdict, String text) {
        private static final Found NOTHING = new Found(null, "");

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
