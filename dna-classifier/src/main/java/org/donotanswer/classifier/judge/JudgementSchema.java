package org.donotanswer.classifier.judge;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import org.donotanswer.classifier.chat.JsonReplySchema;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * The schema of a verdict in JSON: the same for all exchanges, since endpoints compile and keep schemas. It therefore does
 * not hold the token; nor ranges of numbers, which not all endpoints take.
 */
final class JudgementSchema {
    private static final JsonReplySchema OF_RESPONSE = make(false);
    private static final JsonReplySchema OF_BOTH = make(true);

    private JudgementSchema() {}

    static JsonReplySchema of(boolean judgesInstruction) {
        return judgesInstruction ? OF_BOTH : OF_RESPONSE;
    }

    private static JsonReplySchema make(boolean judgesInstruction) {
        ObjectNode schema = new JsonMapper().createObjectNode().put("type", "object");
        ObjectNode members = schema.putObject("properties");
        members.putObject("token").put("type", "string");
        names(members, "action", ResponseAction.values());
        members.putObject("harmful").put("type", "boolean");
        members.putObject("harmful_probability").put("type", "number");
        if (judgesInstruction) {
            members.putObject("instruction_risk").put("type", "number");
            names(members, "harm_type", HarmType.values());
        }
        ArrayNode required = schema.putArray("required");
        members.fieldNames().forEachRemaining(required::add);
        schema.put("additionalProperties", false);
        return new JsonReplySchema("verdict", schema.toString());
    }

    private static void names(ObjectNode members, String name, Enum<?>[] constants) {
        ArrayNode names = members.putObject(name).put("type", "string").putArray("enum");
        List<String> all = Arrays.stream(constants).map(Enum::name).toList();
        all.forEach(names::add);
    }
}
