package org.donotanswer.classifier.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubEnvironmentTest {
    @TempDir
    private Path home;

    /** Returns an environment of {@code NAME=value} pairs that are separated by semicolons. */
    private HubEnvironment environment(String pairs) {
        Map<String, String> variables = new HashMap<>(Map.of("HOME", home.toString()));
        for (String pair : pairs.split(";", -1)) {
            if (!pair.isBlank()) {
                String[] parts = pair.strip().split("=", 2);
                variables.put(parts[0], parts[1]);
            }
        }
        return HubEnvironment.of(variables);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                            | HOME/.cache/huggingface/hub",
                "XDG_CACHE_HOME=/xdg                                           | /xdg/huggingface/hub",
                "XDG_CACHE_HOME=/xdg;HF_HOME=/hf                               | /hf/hub",
                "HF_HOME=/hf;HUGGINGFACE_HUB_CACHE=/old                        | /old",
                "HF_HOME=/hf;HUGGINGFACE_HUB_CACHE=/old;HF_HUB_CACHE=/new      | /new",
                "HF_HOME=;HF_HUB_CACHE=                                        | HOME/.cache/huggingface/hub",
                "HF_HOME=~/models                                              | HOME/models/hub",
                "HF_HUB_CACHE=~                                                | HOME",
                "HF_HUB_CACHE=$DISK/a/${DISK}b/$NONE;DISK=/disk                | /disk/a//diskb/$NONE",
            })
    void cache_variables_countInThePythonClientsOrder(String pairs, String expected) {
        assertThat(environment(pairs).cache()).isEqualTo(Path.of(expected.replace("HOME", home.toString())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                      | false",
                "HF_HUB_OFFLINE=1                        | true",
                "HF_HUB_OFFLINE=on                       | true",
                "HF_HUB_OFFLINE=Yes                      | true",
                "HF_HUB_OFFLINE=TRUE                     | true",
                "HF_HUB_OFFLINE=2                        | false",
                "TRANSFORMERS_OFFLINE=1                  | true",
                "HF_HUB_OFFLINE=0;TRANSFORMERS_OFFLINE=1 | false",
                "HF_HUB_OFFLINE=;TRANSFORMERS_OFFLINE=1  | true",
            })
    void offline_variables_countInThePythonClientsOrder(String pairs, boolean expected) {
        assertThat(environment(pairs).offline()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                          | ofHome",
                "HF_HOME=HOME/hf                                             | ofHfHome",
                "HF_HOME=HOME/hf;HF_TOKEN_PATH=HOME/path                     | ofPath",
                "HF_TOKEN_PATH=~/path                                        | ofPath",
                "HF_TOKEN_PATH=HOME/path;HUGGING_FACE_HUB_TOKEN=old          | old",
                "HF_TOKEN=new;HUGGING_FACE_HUB_TOKEN=old                     | new",
                "HF_TOKEN=;HUGGING_FACE_HUB_TOKEN=old                        | old",
                "HF_TOKEN_PATH=HOME/nothing                                  | none",
                "HF_TOKEN_PATH=HOME/empty                                    | none",
                "HF_TOKEN=new;HF_HUB_DISABLE_IMPLICIT_TOKEN=1                | none",
            })
    void token_variables_countInThePythonClientsOrder(String pairs, String expected) throws IOException {
        Files.createDirectories(home.resolve(".cache/huggingface"));
        Files.createDirectories(home.resolve("hf"));
        Files.writeString(home.resolve(".cache/huggingface/token"), "ofHome");
        Files.writeString(home.resolve("hf/token"), "ofHfHome\r\n");
        Files.writeString(home.resolve("path"), " ofPath \n");
        Files.writeString(home.resolve("empty"), "\n");
        String variables = pairs.replace("=HOME/", "=" + home + "/");
        assertThat(environment(variables).token().orElse("none")).isEqualTo(expected);
    }

    @Test
    void token_thatCannotBeAHeader_isRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> environment("HF_TOKEN=hf_with space").token())
                .isInstanceOf(HubException.class)
                .hasMessage("token must be printable ASCII without spaces, but was not (HF_TOKEN)");
    }

    @Test
    void token_fileThatCannotBeRead_isNamed() throws IOException {
        Path file = home.resolve("token");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> environment("HF_HOME=~").token())
                .isInstanceOf(HubException.class)
                .hasMessage("token file must be readable text, but was not (" + file + ")");
    }

    @Test
    void endpoint_variable_hasNoSlashAtItsEnd() {
        assertThat(environment("").endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(environment("HF_ENDPOINT=http://127.0.0.1:80/hub//").endpoint())
                .isEqualTo(URI.create("http://127.0.0.1:80/hub"));
    }

    @Test
    void endpoint_thatIsNone_isRefused() {
        assertThatThrownBy(() -> environment("HF_ENDPOINT=hub.example").endpoint())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("HF_ENDPOINT must be the URL of a hub: endpoint must be an http or https URL without"
                        + " query or fragment, but was hub.example");
        assertThatThrownBy(() -> environment("HF_ENDPOINT=http://a b").endpoint())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("HF_ENDPOINT must be the URL of a hub: ");
    }
}
