package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment;
import org.junit.jupiter.api.Test;

/** A class path without the optional dependency that reads YAML. */
class PolicyWithoutYamlTest {
    private static final String MESSAGE =
            "a policy in YAML requires com.fasterxml.jackson.dataformat:jackson-dataformat-yaml, but it was not found (add"
                    + " the artifact and, to a modular application, \"requires com.fasterxml.jackson.dataformat.yaml\")";

    private static URLClassLoader withoutYaml() {
        URL[] places = Stream.of(
                        SafetyPolicy.class, Assessment.class, ObjectMapper.class, JsonParser.class, JsonCreator.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .toArray(URL[]::new);
        return new URLClassLoader(places, ClassLoader.getPlatformClassLoader());
    }

    @Test
    void parseYaml_noYaml_namesTheArtifact() throws Exception {
        try (URLClassLoader loader = withoutYaml()) {
            Class<?> policy = loader.loadClass(SafetyPolicy.class.getName());
            assertThatThrownBy(() -> policy.getMethod("parseYaml", String.class).invoke(null, "shadow: true"))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(MESSAGE);
            Object defaults = policy.getMethod("defaults").invoke(null);
            assertThatThrownBy(() -> policy.getMethod("toYaml").invoke(defaults))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(MESSAGE);
        }
    }

    @Test
    void parse_noYaml_works() throws Exception {
        try (URLClassLoader loader = withoutYaml()) {
            Class<?> policy = loader.loadClass(SafetyPolicy.class.getName());
            Object parsed = policy.getMethod("parse", String.class).invoke(null, "{\"default\": {\"block\": 0.5}}");
            assertThat(policy.getMethod("version").invoke(parsed))
                    .isEqualTo(SafetyPolicy.defaults().version());
        }
    }
}
