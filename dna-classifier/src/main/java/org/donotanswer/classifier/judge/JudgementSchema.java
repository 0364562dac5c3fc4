package org.donotanswer.classifier.judge;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.donotanswer.classifier.chat.JsonReplySchema;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * The JSON schema of a judgement. It is the same for all exchanges, because endpoints compile and cache schemas; hence
 * it does not contain the token. Nor does it limit numbers to a range, which some endpoints do not support.
 */
final class JudgementSchema {
    private static final JsonReplySchema OF_RESPONSE = create(false);
    private static final JsonReplySchema OF_BOTH = create(true);

    private JudgementSchema() {}

    static JsonReplySchema of(boolean judgesInstruction) {
        return judgesInstruction ? OF_BOTH : OF_RESPONSE;
    }

    private static JsonReplySchema create(boolean judgesInstruction) {
        ObjectNode schema = new JsonMapper().createObjectNode().put("type", "object");
        ObjectNode members = schema.putObject("properties");
        members.putObject("token").put("type", "string");
        putNames(members, "action", ResponseAction.values());
        members.putObject("harmful").put("type", "boolean");
        members.putObject("harmful_probability").put("type", "number");
        if (judgesInstruction) {
            members.putObject("instruction_risk").put("type", "number");
            putNames(members, "harm_type", HarmType.values());
        }
        ArrayNode required = schema.putArray("required");
        members.fieldNames().forEachRemaining(required::add);
        schema.put("additionalProperties", false);
        return new JsonReplySchema("verdict", schema.toString());
    }

    private static void putNames(ObjectNode members, String name, Enum<?>[] constants) {
        ArrayNode names = members.putObject(name).put("type", "string").putArray("enum");
        for (Enum<?> constant : constants) {
            names.add(constant.name());
        }
    }
}
