package org.donotanswer.guard.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads and writes policies in YAML. A separate class because the library may be missing. Thread-safe. */
final class PolicyYaml {
    private static final YAMLMapper MAPPER = new YAMLMapper(YAMLFactory.builder()
            .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build());

    private PolicyYaml() {}

    static SafetyPolicy parse(String yaml, String source) throws IOException {
        try (YAMLParser parser = MAPPER.getFactory().createParser(yaml)) {
            PolicyDocumentReader document =
                    new PolicyDocumentReader(parser, parser::isCurrentAlias, source, PolicyText.SUBJECT);
            try {
                return new PolicyReader(document).read();
            } catch (JsonProcessingException e) {
                if (e.getCause() instanceof MarkedYAMLException cause && cause.getProblemMark() != null) {
                    // Jackson reports the location of the token before.
                    throw document.malformed(
                            "YAML",
                            cause.getProblem(),
                            cause.getProblemMark().getLine() + 1,
                            cause.getProblemMark().getColumn() + 1,
                            e);
                }
                throw document.malformed("YAML", e);
            }
        }
    }

    static String write(Map<String, Object> members) throws IOException {
        return MAPPER.writeValueAsString(members);
    }
}
