package org.donotanswer.guard.springai;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * What the advisors of one chain tell each other about a response, or a chunk of one, by its context: an advisor further from the
 * model neither checks again what its own guard has checked, nor the replacement of what another guard has blocked. Immutable.
 *
 * @param guards the guards that have checked it
 * @param checked the response as the last of them left it: anything else may have been changed on its way
 * @param verdict the most severe verdict; null if none is known yet, as for the chunks of a stream before its end
 */
record JudgedAnswer(Set<SafetyGuard> guards, @Nullable ChatResponse checked, @Nullable Verdict verdict) {
    private static final String KEY = "donotanswer.judgement";
    /** In a request's context: that an advisor further from the model reads what this one tells. */
    private static final String WANTED = "donotanswer.judgement-wanted";

    JudgedAnswer {
        guards = Set.copyOf(guards);
    }

    /** Returns a request that tells the other guards of a chain, if there are any, that their judgement will be read. */
    static ChatClientRequest asking(ChatClientRequest request, List<? extends Advisor> chain) {
        long guards = chain.stream().filter(SafetyAdvisor.class::isInstance).count();
        return guards < 2 || isWanted(request)
                ? request
                : request.mutate().context(WANTED, true).build();
    }

    /** Returns whether an advisor further from the model reads the judgement. */
    static boolean isWanted(ChatClientRequest request) {
        return request.context().containsKey(WANTED);
    }

    /** Returns what an advisor nearer to the model tells about a response; null if nothing, or if it was changed since. */
    static @Nullable JudgedAnswer of(ChatClientResponse response) {
        return response.context().get(KEY) instanceof JudgedAnswer judgement
                        && judgement.isAbout(response.chatResponse())
                ? judgement
                : null;
    }

    /** Returns the most severe verdict of advisors nearer to the model, on the response or what it was before a change. */
    static @Nullable Verdict verdict(ChatClientResponse response) {
        return response.context().get(KEY) instanceof JudgedAnswer judgement ? judgement.verdict() : null;
    }

    private boolean isAbout(@Nullable ChatResponse response) {
        return response != null
                && checked != null
                && said(response.getResults()).equals(said(checked.getResults()));
    }

    private static List<List<?>> said(List<Generation> generations) {
        return generations.stream()
                .<List<?>>map(generation -> generation.getOutput() == null
                        ? List.of()
                        : List.of(
                                Objects.requireNonNullElse(
                                        generation.getOutput().getText(), ""),
                                generation.getOutput().getToolCalls(),
                                generation.getOutput().getMedia()))
                .toList();
    }

    /** Returns whether a guard need not check it: it has done so, or another one has blocked it. */
    boolean covers(SafetyGuard guard) {
        return guards.contains(guard) || (verdict != null && !verdict.released());
    }

    /** Returns a response with the judgement of a further guard. */
    static ChatClientResponse tell(ChatClientResponse response, SafetyGuard guard, @Nullable Verdict verdict) {
        JudgedAnswer before = response.context().get(KEY) instanceof JudgedAnswer known ? known : null;
        Set<SafetyGuard> all = before == null
                ? Set.of(guard)
                : Stream.concat(before.guards().stream(), Stream.of(guard)).collect(Collectors.toUnmodifiableSet());
        return response.mutate()
                .context(KEY, new JudgedAnswer(all, response.chatResponse(), verdict))
                .build();
    }

    /** Returns the more severe of two verdicts. */
    static Verdict moreSevere(@Nullable Verdict first, Verdict second) {
        if (first == null) {
            return second;
        }
        if (first.released() != second.released()) {
            return first.released() ? second : first;
        }
        int severity = second.outcome().compareTo(first.outcome());
        return severity > 0 || (severity == 0 && first.isChecked() && !second.isChecked()) ? second : first;
    }

    /** Returns the more severe of two verdicts, either of which may be missing. */
    static @Nullable Verdict moreSevereOf(@Nullable Verdict first, @Nullable Verdict second) {
        return second == null ? first : moreSevere(first, second);
    }

    /** Returns whether a response's context has what advisors tell each other. */
    static boolean hasTraces(ChatClientResponse response) {
        return response.context().containsKey(KEY) || response.context().containsKey(WANTED);
    }

    /** Returns a context without what advisors tell each other. */
    static Map<String, Object> withoutTraces(Map<String, Object> context) {
        Map<String, Object> rest = new HashMap<>(context);
        rest.remove(KEY);
        rest.remove(WANTED);
        return rest;
    }
}
