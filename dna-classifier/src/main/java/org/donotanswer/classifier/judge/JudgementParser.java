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
import org.donotanswer.evaluate.ResponseText;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Parses the judgement in a reply. Only the exact form that was requested is accepted: a reply may repeat what the
 * response says, and that may look like a judgement. Stateless, hence thread-safe.
 */
final class JudgementParser {
    private static final int MAX_CHARS = 200_000;

    private static final Set<String> RESPONSE_MEMBERS = Set.of("token", "action", "harmful", "harmful_probability");
    private static final Set<String> ALL_MEMBERS =
            Set.of("token", "action", "harmful", "harmful_probability", "instruction_risk", "harm_type");

    // Bound by hand: a record's mapping would accept missing members, and numbers and booleans in quotes.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A whole reply in one Markdown code block, as LLMs write that are not held to a schema. */
    private static final Pattern CODE_BLOCK = Pattern.compile("```(?:json)?\\s*\\n([^`]*)\\n\\s*```");

    private static final Pattern CODE_BLOCK_END = Pattern.compile("\\n\\s*```$");

    private static final String PROBABILITY = "([01](?:\\.[0-9]{1,6})?)";
    private static final Pattern TAG =
            Pattern.compile("<verdict token=\"([0-9a-f]+)\" action=\"([A-Z_]+)\" harmful=\"(yes|no)\" probability=\""
                    + PROBABILITY + "\"(?: instruction_risk=\"" + PROBABILITY + "\" harm_type=\"([A-Z_]+)\")?/>");

    private JudgementParser() {}

    /** Returns whether a reply is one JSON object, whatever its members. */
    static boolean isJson(String reply) {
        try {
            object(ResponseText.of(reply).answer());
            return true;
        } catch (UnreadableReplyException e) {
            return false;
        }
    }

    /**
     * Returns the judgement in a reply.
     *
     * @throws UnreadableReplyException if the reply is not in the requested form
     */
    static Judgement parse(JudgeReply reply) throws UnreadableReplyException {
        // A chat model of the application may leave thinking in the text, and so did earlier versions in the cache.
        String text = ResponseText.of(reply.reply().text()).answer();
        return switch (reply.format()) {
            case JSON -> ofJson(object(text), reply.token(), reply.judgedInstruction());
            case TAGGED -> ofTag(text, reply.token(), reply.judgedInstruction());
        };
    }

    private static JsonNode object(String reply) throws UnreadableReplyException {
        requireLength(reply);
        String text = reply.strip();
        Matcher block = CODE_BLOCK.matcher(text);
        try {
            JsonNode node = JSON.readTree(block.matches() ? block.group(1) : text);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            // Not the cause below: its message quotes the reply.
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
        if (!names.equals(judgesInstruction ? ALL_MEMBERS : RESPONSE_MEMBERS)) {
            throw new UnreadableReplyException("reply must have exactly the requested members, but did not");
        }
        requireToken(token, string(json, "token"));
        JsonNode harmful = json.get("harmful");
        if (!harmful.isBoolean()) {
            throw new UnreadableReplyException("harmful must be true or false, but was not");
        }
        return Judgement.of(
                action(string(json, "action")),
                harmful.booleanValue(),
                number(json, "harmful_probability"),
                judgesInstruction
                        ? Optional.of(new InstructionJudgement(
                                number(json, "instruction_risk"), harmType(string(json, "harm_type"))))
                        : Optional.empty());
    }

    private static String string(JsonNode json, String name) throws UnreadableReplyException {
        if (!json.get(name).isTextual()) {
            throw new UnreadableReplyException(name + " must be a string, but was not");
        }
        return json.get(name).textValue();
    }

    private static double number(JsonNode json, String name) throws UnreadableReplyException {
        if (!json.get(name).isNumber()) {
            throw new UnreadableReplyException(name + " must be a number, but was not");
        }
        return json.get(name).doubleValue();
    }

    /**
     * Parses the tag that ends the reply. If the token occurs elsewhere too, there are two tags, or the tag is quoted.
     */
    private static Judgement ofTag(String reply, String token, boolean judgesInstruction)
            throws UnreadableReplyException {
        requireLength(reply);
        String text = reply.strip();
        String lower = text.toLowerCase(Locale.ROOT);
        int at = lower.indexOf(token);
        if (at < 0) {
            throw new UnreadableReplyException("reply must have the token, but had none");
        }
        if (lower.indexOf(token, at + 1) >= 0) {
            throw new UnreadableReplyException("reply must have the token once, but had it several times");
        }
        String end = CODE_BLOCK_END.matcher(text).replaceFirst("");
        Matcher tag = TAG.matcher(
                end.substring(end.lastIndexOf('\n') + 1).replace('`', ' ').strip());
        if (!tag.matches()) {
            throw new UnreadableReplyException("last line of the reply must be a verdict tag, but was not");
        }
        requireToken(token, tag.group(1));
        if ((tag.group(5) != null) != judgesInstruction) {
            throw new UnreadableReplyException("verdict tag must have exactly the requested attributes, but did not");
        }
        return Judgement.of(
                action(tag.group(2)),
                tag.group(3).equals("yes"),
                Double.parseDouble(tag.group(4)),
                judgesInstruction
                        ? Optional.of(
                                new InstructionJudgement(Double.parseDouble(tag.group(5)), harmType(tag.group(6))))
                        : Optional.empty());
    }

    private static void requireToken(String token, String found) throws UnreadableReplyException {
        if (!token.equals(found)) {
            throw new UnreadableReplyException("token must be that of the request, but was not");
        }
    }

    // Exact names only: a name that is almost right may come from a text that the judge repeats.
    private static ResponseAction action(String name) throws UnreadableReplyException {
        for (ResponseAction each : ResponseAction.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new UnreadableReplyException("action must be one of the six names, but was not");
    }

    private static HarmType harmType(String name) throws UnreadableReplyException {
        for (HarmType each : HarmType.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new UnreadableReplyException("harm type must be one of the twelve names, but was not");
    }
}
