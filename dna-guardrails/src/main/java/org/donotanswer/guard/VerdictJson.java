package org.donotanswer.guard;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes verdicts as JSON. Stateless, hence thread-safe. */
final class VerdictJson {
    private VerdictJson() {}

    static Map<String, Object> of(Verdict verdict) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("subject", verdict.subject().name());
        verdict.window().ifPresent(window -> json.put("window", members("start", window.start(), "end", window.end())));
        json.put("outcome", verdict.outcome().name());
        json.put("reason", verdict.reason().name());
        json.put("released", verdict.released());
        json.put("shadow", verdict.shadow());
        verdict.probability().ifPresent(probability -> json.put("probability", probability));
        verdict.threshold()
                .ifPresent(threshold ->
                        json.put("threshold", members("value", threshold.value(), "scope", threshold.scope())));
        verdict.action().ifPresent(action -> json.put("action", action.name()));
        verdict.harmType().ifPresent(type -> {
            json.put("riskArea", type.riskArea().name());
            json.put("harmType", type.name());
        });
        verdict.assessment().ifPresent(assessment -> json.put("assessment", assessment.toJson()));
        json.put("evaluator", verdict.decidedBy());
        json.put("policy", verdict.policyVersion());
        json.put("truncated", verdict.truncated());
        json.put("cached", verdict.cached());
        json.put("contextTurns", verdict.contextTurns());
        json.put("latencyMicros", verdict.latencyNanos() / 1000);
        return Collections.unmodifiableMap(json);
    }

    private static Map<String, Object> members(String first, Object one, String second, Object other) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(first, one);
        members.put(second, other);
        return Collections.unmodifiableMap(members);
    }
}
