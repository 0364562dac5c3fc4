package org.donotanswer.guard.policy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.donotanswer.internal.Sha256;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Writes policies as JSON: the same bytes for two policies with the same content. Does not need Jackson. Stateless,
 * hence thread-safe.
 */
final class PolicyJson {
    // Names of members, for writing and reading.
    static final String FORMAT = "format";
    static final String DEFAULT = "default";
    static final String AREAS = "areas";
    static final String HARM_TYPES = "harmTypes";
    static final String SPECIFIC_HARMS = "specificHarms";
    static final String INSTRUCTION = "instruction";
    static final String UNSCORED = "unscored";
    static final String RISK_FROM = "riskFrom";
    static final String PASS_FROM = "passFrom";
    static final String SHADOW = "shadow";
    static final String HOLD_REVIEWS = "holdReviews";
    static final String REPLACEMENTS = "replacements";
    static final String BLOCK = "block";
    static final String REVIEW = "review";
    static final String REQUIRE = "require";
    static final String FORBID = "forbid";
    static final String PASS = "pass";

    /** The only format so far. */
    static final int CURRENT_FORMAT = 1;

    private static final int VERSION_DIGITS = 16;

    private PolicyJson() {}

    /** Returns the members of a policy in a fixed order, including those with default values. */
    static Map<String, Object> members(PolicySettings settings) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(FORMAT, CURRENT_FORMAT);
        members.put(DEFAULT, members(settings.defaultRule()));
        putRules(members, AREAS, settings.areas());
        putRules(members, HARM_TYPES, settings.harmTypes());
        putRules(members, SPECIFIC_HARMS, settings.specificHarms());
        members.put(INSTRUCTION, members(settings.instructionRule()));
        members.put(UNSCORED, settings.unscored().toMembers());
        members.put(RISK_FROM, settings.riskFrom());
        members.put(PASS_FROM, settings.passFrom());
        members.put(SHADOW, settings.shadow());
        members.put(HOLD_REVIEWS, settings.holdReviews());
        if (!settings.replacements().isEmpty()) {
            members.put(REPLACEMENTS, settings.replacements());
        }
        return members;
    }

    private static <E extends Enum<E>> void putRules(Map<String, Object> members, String name, Map<E, Rule> rules) {
        if (!rules.isEmpty()) {
            Map<String, Object> byScope = new LinkedHashMap<>();
            rules.forEach((scope, rule) -> byScope.put(scope.name(), members(rule)));
            members.put(name, byScope);
        }
    }

    private static Map<String, Object> members(Rule rule) {
        Map<String, Object> members = new LinkedHashMap<>();
        putThreshold(members, BLOCK, rule.block());
        putThreshold(members, REVIEW, rule.review());
        putActions(members, REQUIRE, rule.required());
        putActions(members, FORBID, rule.forbidden());
        putActions(members, PASS, rule.passing());
        return members;
    }

    private static void putThreshold(Map<String, Object> members, String name, OptionalDouble threshold) {
        threshold.ifPresent(value -> members.put(name, value));
    }

    private static void putActions(Map<String, Object> members, String name, Set<ResponseAction> actions) {
        if (!actions.isEmpty()) {
            List<String> names = actions.stream().sorted().map(Enum::name).toList();
            members.put(name, names);
        }
    }

    /** Returns the JSON form, indented. */
    static String indented(PolicySettings settings) {
        return JsonText.indented(members(settings));
    }

    /** Returns the first hexadecimal digits of the SHA-256 of the compact JSON form. */
    static String version(PolicySettings settings) {
        byte[] json = JsonText.compact(members(settings)).getBytes(StandardCharsets.UTF_8);
        return Sha256.of(json).substring(0, VERSION_DIGITS);
    }
}
