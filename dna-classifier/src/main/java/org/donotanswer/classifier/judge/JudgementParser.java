package org.donotanswer.classifier.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.classifier.judge.Judgement.InstructionJudgement;
import org.donotanswer.classifier.judge.Judgement.UnreadableReplyException;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Reads the one verdict of a reply, and takes nothing for it that is not exactly in the form that was asked for: a reply may
 * repeat what the judged response says, and that may look like a verdict. Thread-safe.
 */
final class JudgementParser {
    private static final int MAX_CHARS = 200_000;

    private static final Set<String> MEMBERS = Set.of("token", "action", "harmful", "harmful_probability");
    private static final Set<String> ALL_MEMBERS =
            Set.of("token", "action", "harmful", "harmful_probability", "instruction_risk", "harm_type");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A whole reply in one Markdown block, as chatbots write that were not held to a schema. */
    private static final Pattern BLOCK = Pattern.compile("```(?:json)?\\s*\\n([^`]*)\\n\\s*```");

    private static final Pattern BLOCK_END = Pattern.compile("\\n\\s*```$");

    private static final String PROBABILITY = "([01](?:\\.[0-9]{1,6})?)";
    private static final Pattern TAG =
            Pattern.compile("<verdict token=\"([0-9a-f]+)\" action=\"([A-Z_]+)\" harmful=\"(yes|no)\" probability=\""
                    + PROBABILITY + "\"(?: instruction_risk=\"" + PROBABILITY + "\" harm_type=\"([A-Z_]+)\")?/>");

    private JudgementParser() {}

    /** Returns whether a reply is one JSON object, whatever its members. */
    static boolean isJson(String reply) {
        try {
            object(reply);
            return true;
        } catch (UnreadableReplyException e) {
            return false;
        }
    }

    /**
     * Returns the verdict of a reply.
     *
     * @throws UnreadableReplyException if it is none
     */
    static Judgement parse(JudgeReply reply) throws UnreadableReplyException {
        String text = reply.reply().text();
        return switch (reply.form()) {
            case JSON -> ofJson(object(text), reply.token(), reply.judgedInstruction());
            case TAGGED -> ofTag(text, reply.token(), reply.judgedInstruction());
        };
    }

    private static JsonNode object(String reply) throws UnreadableReplyException {
        requireLength(reply);
        String text = reply.strip();
        Matcher block = BLOCK.matcher(text);
        try {
            JsonNode node = JSON.readTree(block.matches() ? block.group(1) : text);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            // Its message quotes the reply.
        }
        throw new UnreadableReplyException("reply must be one JSON object, but was not");
    }

    private static void requireLength(String reply) throws UnreadableReplyException {
        if (reply.length() > MAX_CHARS) {
            throw new UnreadableReplyException(
                    "reply must be at most " + MAX_CHARS + " chars, but was " + reply.length() + " chars");
        }
    }

    private static Judgement ofJson(JsonNode json, String token, boolean judgesInstruction)
            throws UnreadableReplyException {
        Set<String> names = new TreeSet<>();
        json.fieldNames().forEachRemaining(names::add);
        if (!names.equals(judgesInstruction ? ALL_MEMBERS : MEMBERS)) {
            throw new UnreadableReplyException("reply must have the members asked for, but had others or less");
        }
        requireToken(token, string(json, "token"));
        JsonNode harmful = json.get("harmful");
        if (!harmful.isBoolean()) {
            throw new UnreadableReplyException("harmful must be true or false, but was another");
        }
        return Judgement.of(
                action(string(json, "action")),
                harmful.booleanValue(),
                number(json, "harmful_probability"),
                judgesInstruction
                        ? Optional.of(new InstructionJudgement(
                                number(json, "instruction_risk"), type(string(json, "harm_type"))))
                        : Optional.empty());
    }

    private static String string(JsonNode json, String name) throws UnreadableReplyException {
        if (!json.get(name).isTextual()) {
            throw new UnreadableReplyException(name + " must be a string, but was another");
        }
        return json.get(name).textValue();
    }

    private static double number(JsonNode json, String name) throws UnreadableReplyException {
        if (!json.get(name).isNumber()) {
            throw new UnreadableReplyException(name + " must be a number, but was another");
        }
        return json.get(name).doubleValue();
    }

    /** Reads a tag that ends the reply. The token stands nowhere else, or there would be two verdicts, or one quoted. */
    private static Judgement ofTag(String reply, String token, boolean judgesInstruction)
            throws UnreadableReplyException {
        requireLength(reply);
        String text = reply.strip();
        String lower = text.toLowerCase(Locale.ROOT);
        int at = lower.indexOf(token);
        if (at < 0) {
            throw new UnreadableReplyException("reply must have the token, but was without");
        }
        if (lower.indexOf(token, at + 1) >= 0) {
            throw new UnreadableReplyException("reply must have the token once, but had it more often");
        }
        String end = BLOCK_END.matcher(text).replaceFirst("");
        Matcher tag = TAG.matcher(
                end.substring(end.lastIndexOf('\n') + 1).replace('`', ' ').strip());
        if (!tag.matches()) {
            throw new UnreadableReplyException("last line of the reply must be a verdict, but was not");
        }
        requireToken(token, tag.group(1));
        if ((tag.group(5) != null) != judgesInstruction) {
            throw new UnreadableReplyException("verdict must have the attributes asked for, but had others or less");
        }
        return Judgement.of(
                action(tag.group(2)),
                tag.group(3).equals("yes"),
                Double.parseDouble(tag.group(4)),
                judgesInstruction
                        ? Optional.of(new InstructionJudgement(Double.parseDouble(tag.group(5)), type(tag.group(6))))
                        : Optional.empty());
    }

    private static void requireToken(String token, String found) throws UnreadableReplyException {
        if (!token.equals(found)) {
            throw new UnreadableReplyException("token must be the one given, but was another");
        }
    }

    /** Takes the exact name alone: a name that is nearly right is a reply that is not. */
    private static ResponseAction action(String name) throws UnreadableReplyException {
        for (ResponseAction each : ResponseAction.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new UnreadableReplyException("action must be one of the six names, but was another");
    }

    private static HarmType type(String name) throws UnreadableReplyException {
        for (HarmType each : HarmType.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new UnreadableReplyException("type of harm must be one of the twelve names, but was another");
    }
}
