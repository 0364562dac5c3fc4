package org.donotanswer.guard.policy;

import com.fasterxml.jackson.core.JsonLocation;
import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/** Reads the members of a policy from a document. Not thread-safe. */
final class PolicyReader {
    private static final List<String> MEMBERS = List.of(
            PolicyJson.DEFAULT,
            PolicyJson.AREAS,
            PolicyJson.HARM_TYPES,
            PolicyJson.SPECIFIC_HARMS,
            PolicyJson.INSTRUCTION,
            PolicyJson.UNSCORED,
            PolicyJson.RISK_FROM,
            PolicyJson.PASS_FROM,
            PolicyJson.SHADOW,
            PolicyJson.HOLD_REVIEWS,
            PolicyJson.REPLACEMENTS,
            PolicyJson.FORMAT);
    private static final List<String> RULE_MEMBERS =
            List.of(PolicyJson.BLOCK, PolicyJson.REVIEW, PolicyJson.REQUIRE, PolicyJson.FORBID, PolicyJson.PASS);
    private static final List<String> UNSCORED_MEMBERS = List.copyOf(UnscoredOutcomes.MEMBERS.keySet());
    private static final List<String> THRESHOLDS = List.of(PolicyJson.BLOCK, PolicyJson.REVIEW);

    private final PolicyDocumentReader document;
    private final SafetyPolicyBuilder policy = SafetyPolicy.builder();

    PolicyReader(PolicyDocumentReader document) {
        this.document = document;
    }

    /** Returns the policy of the whole document. */
    SafetyPolicy read() throws IOException {
        String contents = "members, for example \"default\": {\"block\": " + SafetyPolicy.DEFAULT_BLOCK
                + "}, which is the default policy";
        if (!document.start()) {
            throw document.bad("must have " + contents, "empty");
        }
        JsonLocation start = document.location();
        document.object(contents, this::readMember);
        SafetyPolicy read;
        try {
            read = policy.build();
        } catch (IllegalArgumentException e) {
            throw document.bad(e, start);
        }
        document.end();
        return read;
    }

    private void readMember(String name) throws IOException {
        switch (name) {
            case PolicyJson.DEFAULT -> policy.defaultRule(rule(RULE_MEMBERS));
            case PolicyJson.AREAS -> readRules("risk areas", RiskArea.class, RiskArea::fromLabel, policy::rule);
            case PolicyJson.HARM_TYPES -> readRules("harm types", HarmType.class, HarmType::fromLabel, policy::rule);
            case PolicyJson.SPECIFIC_HARMS ->
                readRules("specific harms", SpecificHarm.class, SpecificHarm::fromLabel, policy::rule);
            case PolicyJson.INSTRUCTION -> policy.instructionRule(rule(THRESHOLDS));
            case PolicyJson.UNSCORED -> readUnscored();
            case PolicyJson.RISK_FROM -> policy.riskFrom(document.probability());
            case PolicyJson.PASS_FROM -> policy.passFrom(document.probability());
            case PolicyJson.SHADOW -> policy.shadow(document.flag());
            case PolicyJson.HOLD_REVIEWS -> policy.holdReviews(document.flag());
            case PolicyJson.REPLACEMENTS -> readReplacements();
            case PolicyJson.FORMAT -> document.requireNumber(PolicyJson.CURRENT_FORMAT);
            default -> throw document.unknownMember(name, MEMBERS);
        }
    }

    private <E extends Enum<E>> void readRules(
            String contents, Class<E> scopes, Function<String, E> fromLabel, BiConsumer<E, Rule> rules)
            throws IOException {
        Map<E, String> names = new EnumMap<>(scopes);
        document.object(contents, name -> {
            E scope;
            try {
                scope = fromLabel.apply(name);
            } catch (IllegalArgumentException e) {
                throw document.badName(new IllegalArgumentException(e.getMessage() + belongsTo(name), e));
            }
            document.rename(scope.name());
            String other = names.putIfAbsent(scope, name);
            if (other != null) {
                throw document.badName("must have one rule", "given another under a second name");
            }
            rules.accept(scope, rule(RULE_MEMBERS));
        });
    }

    /** Returns where a misplaced name belongs; empty if it belongs nowhere. */
    private static String belongsTo(String name) {
        Map<String, Function<String, ?>> places = new TreeMap<>(Map.of(
                PolicyJson.AREAS, RiskArea::fromLabel,
                PolicyJson.HARM_TYPES, HarmType::fromLabel,
                PolicyJson.SPECIFIC_HARMS, SpecificHarm::fromLabel));
        return places.entrySet().stream()
                .filter(place -> isName(name, place.getValue()))
                .map(place -> ", which belongs under " + place.getKey())
                .findFirst()
                .orElse("");
    }

    private static boolean isName(String name, Function<String, ?> fromLabel) {
        try {
            return fromLabel.apply(name) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Rule rule(List<String> known) throws IOException {
        JsonLocation start = document.location();
        Rule.Builder rule = Rule.builder();
        document.object("at least one of the members " + String.join(", ", known), name -> {
            if (!known.contains(name)) {
                throw document.unknownMember(name, known);
            }
            switch (name) {
                case PolicyJson.BLOCK -> rule.block(document.probability());
                case PolicyJson.REVIEW -> rule.review(document.probability());
                case PolicyJson.REQUIRE -> rule.require(actions());
                case PolicyJson.FORBID -> rule.forbid(actions());
                default -> rule.pass(actions());
            }
        });
        try {
            return rule.build();
        } catch (IllegalArgumentException e) {
            throw document.bad(e, start);
        }
    }

    private void readUnscored() throws IOException {
        document.object("at least one of the members " + String.join(", ", UNSCORED_MEMBERS), name -> {
            UnscoredReason reason = UnscoredOutcomes.MEMBERS.get(name);
            if (reason == null) {
                throw document.unknownMember(name, UNSCORED_MEMBERS);
            }
            policy.unscored(reason, outcome());
        });
    }

    private Outcome outcome() throws IOException {
        return document.constant(Outcome.values());
    }

    private ResponseAction[] actions() throws IOException {
        Set<ResponseAction> actions = EnumSet.noneOf(ResponseAction.class);
        document.texts("actions", label -> {
            ResponseAction action;
            try {
                action = ResponseAction.fromLabel(label);
            } catch (IllegalArgumentException e) {
                throw document.bad(e);
            }
            if (!actions.add(action)) {
                throw document.bad("must have each action once", "given " + action + " twice");
            }
        });
        return actions.toArray(ResponseAction[]::new);
    }

    private void readReplacements() throws IOException {
        Map<String, String> tags = new TreeMap<>();
        document.object("texts by language", name -> {
            String tag;
            try {
                tag = LanguageTag.canonical(name);
            } catch (IllegalArgumentException e) {
                throw document.badName(e);
            }
            if (tags.put(tag, name) != null) {
                throw document.badName("must have one text", "given another under a second name");
            }
            policy.replacement(Locale.forLanguageTag(tag), document.text());
        });
    }
}
