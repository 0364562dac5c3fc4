package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.jspecify.annotations.Nullable;

/**
 * The reasons for which models stop, in the terms of each vendor: OpenAI, Azure, Anthropic, Gemini, Mistral, Cohere,
 * Bedrock, DeepSeek, DashScope, Zhipu, OpenRouter, vLLM, Ollama and others. Stateless, hence thread-safe.
 */
final class FinishReasons {
    // All without case, underscores and prefix; see plain(..).
    private static final Set<String> STOP = Set.of(
            "stop",
            "eos",
            "eostoken",
            "endturn",
            "endofturn",
            "stopsequence",
            "stoptoken",
            "complete",
            "completed",
            "finish",
            "finished",
            "done");
    private static final Set<String> LENGTH = Set.of(
            "length",
            "maxtokens",
            "maxoutputtokens",
            "maxcompletiontokens",
            "maxlength",
            "maxtokensreached",
            "modellength",
            "modelcontextwindowexceeded",
            "contextlength",
            "contextlengthexceeded",
            "tokenlimit",
            "errorlimit");
    private static final Set<String> CONTENT_FILTER = Set.of(
            "contentfilter",
            "contentfiltered",
            "contentpolicy",
            "contentpolicyviolation",
            "guardrail",
            "guardrails",
            "guardrailintervened",
            "inputguardrailtriggered",
            "outputguardrailtriggered",
            "safety",
            "blocklist",
            "prohibitedcontent",
            "recitation",
            "spii",
            "modelarmor",
            "jailbreak",
            "imagesafety",
            "imageprohibitedcontent",
            "imagerecitation",
            "errortoxic",
            "sensitive",
            "datainspectionfailed",
            "moderation",
            "moderated",
            "flagged",
            "blocked",
            "censored");
    private static final Set<String> REFUSAL = Set.of("refusal", "refused");

    /** Something broke, and the text, if there is any, is not the whole answer. */
    private static final Set<String> FAILURE = Set.of(
            "error",
            "failed",
            "failure",
            "abort",
            "aborted",
            "cancel",
            "cancelled",
            "canceled",
            "usercancel",
            "useraborted",
            "disconnect",
            "disconnected",
            "timeout",
            "timelimit",
            "networkerror",
            "servererror",
            "internalerror",
            "internalservererror",
            "unavailable",
            "overloaded",
            "ratelimit",
            "insufficientsystemresource",
            // Ollama loaded or unloaded the model, and did nothing else.
            "load",
            "unload");

    /** The model wrote something that is not a message. */
    private static final Set<String> MALFORMED = Set.of(
            "malformedfunctioncall",
            "malformedtoolcall",
            "malformedresponse",
            "malformedmodeloutput",
            "malformedtooluse",
            "unexpectedtoolcall",
            "missingthoughtsignature");

    private static final Set<String> TOOL = Set.of("toolcalls", "toolcall", "tooluse", "functioncall", "toolexecution");

    private FinishReasons() {}

    /** What a reason means. */
    enum Meaning {
        STOP(Finish.STOP),
        LENGTH(Finish.LENGTH),
        CONTENT_FILTER(Finish.CONTENT_FILTER),
        REFUSAL(Finish.REFUSAL),
        /** A tool is to be called, so that there may be no text. */
        TOOL(Finish.OTHER),
        /** The model or its server failed. */
        FAILURE(Finish.OTHER),
        /** The model failed to write a message. */
        MALFORMED(Finish.OTHER),
        /** Not known, or none is given. */
        OTHER(Finish.OTHER);

        private final Finish finish;

        Meaning(Finish finish) {
            this.finish = finish;
        }

        Finish finish() {
            return finish;
        }

        /** Returns whether there is no answer for a reason that may pass. */
        boolean isFailure() {
            return this == FAILURE || this == MALFORMED;
        }
    }

    /** Returns the meaning of a reason, in any case. */
    static Meaning of(@Nullable String reason) {
        String plain = plain(reason == null ? "" : reason);
        if (STOP.contains(plain)) {
            return Meaning.STOP;
        }
        if (LENGTH.contains(plain)) {
            return Meaning.LENGTH;
        }
        if (CONTENT_FILTER.contains(plain)) {
            return Meaning.CONTENT_FILTER;
        }
        if (REFUSAL.contains(plain)) {
            return Meaning.REFUSAL;
        }
        if (TOOL.contains(plain)) {
            return Meaning.TOOL;
        }
        if (MALFORMED.contains(plain)) {
            return Meaning.MALFORMED;
        }
        return FAILURE.contains(plain) ? Meaning.FAILURE : Meaning.OTHER;
    }

    /**
     * Returns the meaning of a choice's reasons. A router translates the reason of the model behind it, which may say
     * more than the translation: a filter of Gemini arrives as {@code stop}.
     */
    static Meaning of(JsonNode choice) {
        Meaning told = of(text(choice, "finish_reason", "finishReason", "done_reason", "stop_reason"));
        Meaning original = of(text(choice, "native_finish_reason", "nativeFinishReason"));
        boolean says = original != Meaning.OTHER && original != Meaning.STOP && original != Meaning.TOOL;
        return says && (told == Meaning.STOP || told == Meaning.OTHER) ? original : told;
    }

    private static @Nullable String text(JsonNode choice, String... names) {
        for (String name : names) {
            if (choice.path(name).isTextual()) {
                return choice.path(name).textValue();
            }
        }
        return null;
    }

    private static String plain(String reason) {
        String letters = reason.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return letters.startsWith("finishreason") ? letters.substring("finishreason".length()) : letters;
    }
}
