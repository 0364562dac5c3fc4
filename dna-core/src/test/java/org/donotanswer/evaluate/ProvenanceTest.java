package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    private static final String SHA = "0123456789abcdef".repeat(4);

    private final ObjectMapper mapper = new ObjectMapper();

    private static ProvenanceBuilder sample() {
        return Provenance.builder("embedded", "1")
                .seed(42)
                .data("b.csv", SHA)
                .data("a.csv", SHA)
                .parameter("cost", "0.25")
                .figure("macroF1", 0.83);
    }

    @Test
    void builder_recordsThisProcess() {
        Provenance provenance = sample().platform("djl", "0.30").build();

        assertThat(provenance.libraryVersion()).isNotBlank().doesNotContain("$");
        assertThat(provenance.platform())
                .containsEntry("os", System.getProperty("os.name"))
                .containsEntry("arch", System.getProperty("os.arch"))
                .containsEntry("java", System.getProperty("java.vm.version"))
                .containsEntry("djl", "0.30");
        assertThat(provenance.data().keySet()).containsExactly("a.csv", "b.csv");
        assertThat(provenance.seed()).hasValue(42);
        assertThat(Provenance.builder("x", "1").build().seed()).isEmpty();
    }

    @Test
    void json_isPinnedAndRoundTrips() throws JsonProcessingException {
        Provenance provenance = sample().libraryVersion("0.1.0")
                .platform("java", "17")
                .platform("os", "Linux")
                .platform("arch", "amd64")
                .build();
        String json =
                "{\"name\":\"embedded\",\"version\":\"1\",\"libraryVersion\":\"0.1.0\",\"seed\":42,\"data\":{\"a.csv\":\""
                        + SHA + "\",\"b.csv\":\"" + SHA
                        + "\"},\"parameters\":{\"cost\":\"0.25\"},\"figures\":{\"macroF1\":0.83},"
                        + "\"platform\":{\"arch\":\"amd64\",\"java\":\"17\",\"os\":\"Linux\"}}";

        assertThat(mapper.writeValueAsString(provenance)).isEqualTo(json);
        assertThat(mapper.readValue(json, Provenance.class)).isEqualTo(provenance);
    }

    @Test
    void json_withoutSeed_roundTrips() throws JsonProcessingException {
        Provenance provenance = Provenance.builder("x", "1").build();

        assertThat(mapper.readValue(mapper.writeValueAsString(provenance), Provenance.class))
                .isEqualTo(provenance);
    }

    @Test
    void json_malformed_isRejected() throws JsonProcessingException {
        Map<String, Object> map = mapper.readValue(
                "{\"name\":\"x\",\"version\":\"1\",\"libraryVersion\":\"1\",\"seed\":1.5}",
                new TypeReference<Map<String, Object>>() {});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Provenance.fromJson(map))
                .withMessage("seed must be an integer, but was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Provenance.fromJson(Map.of()))
                .withMessage("name must be present, but was absent");
    }

    @Test
    void builder_wrongValues_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Provenance.builder("x", "1").data("a.csv", "ABC").build())
                .withMessage("SHA-256 of a.csv must be 64 lower-case hexadecimal digits, but was 'ABC'");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Provenance.builder("x", "1").figure("f", Double.NaN).build())
                .withMessage("figure f must be finite, but was NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Provenance.builder(" ", "1").build())
                .withMessage("name must not be blank, but was ' '");
    }

    @Test
    void builder_setTwice_namesBothValues() {
        assertThatIllegalStateException()
                .isThrownBy(() -> sample().seed(7))
                .withMessage("seed must be set once, but was 42 and then 7");
        assertThatIllegalStateException()
                .isThrownBy(() -> sample().parameter("cost", "1"))
                .withMessage("parameter cost must be set once, but was 0.25 and then 1");
        assertThatIllegalStateException()
                .isThrownBy(() -> sample().figure("macroF1", 1))
                .withMessage("figure macroF1 must be set once, but was 0.83 and then 1.0");
        assertThatIllegalStateException()
                .isThrownBy(() -> sample().libraryVersion("1").libraryVersion("2"))
                .withMessage("libraryVersion must be set once, but was 1 and then 2");
        assertThatIllegalStateException()
                .isThrownBy(() -> sample().data("a.csv", "1"))
                .withMessage("data a.csv must be set once, but was " + SHA + " and then 1");
        assertThatIllegalStateException()
                .isThrownBy(() -> sample().platform("djl", "1").platform("djl", "2"))
                .withMessage("platform djl must be set once, but was 1 and then 2");
    }

    @Test
    void constructor_copiesMaps() {
        TreeMap<String, String> parameters = new TreeMap<>(Map.of("a", "1"));
        Provenance provenance = new Provenance(
                "x", "1", "1", OptionalLong.empty(), new TreeMap<>(), parameters, new TreeMap<>(), new TreeMap<>());
        parameters.clear();

        assertThat(provenance.parameters()).containsExactly(Map.entry("a", "1"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> provenance.parameters().put("b", "2"));
    }
}
