package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private static final ObjectWriter COMPACT = new JsonMapper().writer();
    private static final ObjectWriter INDENTED = COMPACT.with(new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(DefaultPrettyPrinter.FixedSpaceIndenter.instance));

    private static void assertLikeJackson(Object value) throws JsonProcessingException {
        assertThat(JsonText.compact(value)).isEqualTo(COMPACT.writeValueAsString(value));
        assertThat(JsonText.indented(value)).isEqualTo(INDENTED.writeValueAsString(value));
    }

    @Property(tries = 200, seed = "20261201")
    void values_areWrittenLikeJackson(@ForAll String text, @ForAll double number, @ForAll boolean flag)
            throws JsonProcessingException {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("text", text);
        members.put(text, List.of("a", text));

        members.put("nested", new LinkedHashMap<>(Map.of("number", number)));
        members.put("flag", flag);
        members.put("one", List.of(text));
        assertLikeJackson(members);
    }

    @Test
    void everyCharUpTo0x2100_isWrittenLikeJackson() throws JsonProcessingException {
        assertLikeJackson(IntStream.range(0, 0x2100)
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining()));
    }

    @Test
    void emptyObject_isWrittenLikeJackson() throws JsonProcessingException {
        assertLikeJackson(Map.of());
        assertLikeJackson(Map.of("a", Map.of()));
    }
}
