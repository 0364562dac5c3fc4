package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.classifier.weights.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLabelsTest {
    @TempDir
    private Path directory;

    private List<String> labels(String json) throws IOException {
        Files.writeString(directory.resolve("config.json"), json);
        CheckpointConfig config = CheckpointConfig.read(directory);
        assertThat(config.labelCount()).isEqualTo(config.labels().size());
        return List.copyOf(config.labels().values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id2label\":{\"0\":\"a\",\"1\":\"b\"}}|a,b",
                "{\"id2label\":{\"1\":\"b\",\"0\":\"a\"},\"num_labels\":7}|a,b",
                "{\"id2label\":{\"0\":0,\"1\":1}}|0,1",
                "{\"id2label\":{\"0\":true,\"1\":false}}|True,False",
                "{\"id2label\":{\"0\":0.0,\"1\":1.5}}|0.0,1.5",
                "{\"id2label\":{\" 0\":\"a\",\"+1\":null}}|a,LABEL_1",
                "{\"id2label\":{\"0\":\"x\",\"0\":\"a\",\"1\":\"b\"}}|a,b",
                "{\"id2label\":null,\"num_labels\":3}|LABEL_0,LABEL_1,LABEL_2",
                "{}|LABEL_0,LABEL_1",
                "{\"label2id\":{\"b\":1,\"a\":0,\"c\":2}}|a,b,c",
                "{\"label2id\":{\"b\":1,\"a\":0,\"c\":2},\"num_labels\":3}|a,b,c",
                "{\"label2id\":{\"b\":1,\"a\":0},\"num_labels\":1}|LABEL_0",
                "{\"label2id\":{\"b\":1,\"a\":1}}|LABEL_0,LABEL_1",
                "{\"label2id\":{\"b\":1,\"a\":2}}|LABEL_0,LABEL_1",
                "{\"label2id\":{\"b\":\"1\",\"a\":0}}|LABEL_0,LABEL_1",
                "{\"label2id\":{\"b\":NaN,\"a\":0}}|LABEL_0,LABEL_1",
                "{\"label2id\":null,\"x\":-Infinity}|LABEL_0,LABEL_1",
            })
    void labels_asThePythonCodeReadsThem(String json, String labels) throws IOException {
        assertThat(labels(json)).containsExactly(labels.split(",", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"0\":[]}|id2label must map the index of each output to its label, but was 0=[]",
                "{\"-1\":\"a\"}|id2label must map the index of each output to its label, but was -1=\"a\"",
                "{\"a\":0}|id2label must map the index of each output to its label, but was a=0",
                "{\"0\":1,\"2\":2}|id2label must have the indices 0 to 1, but was [0, 2]",
                "{\"0\":1,\"+0\":2}|id2label must have the indices 0 to 1, but was [0]",
            })
    void labels_thatDoNotNameEachOutput_areRefused(String json, String message) {
        assertThatThrownBy(() -> labels("{\"id2label\":" + json + "}"))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(message + " (" + directory.resolve("config.json") + ")");
    }

    @ParameterizedTest
    @CsvSource({
        "1,1",
        "-3,-3",
        "1.0,1.0",
        "0.1,0.1",
        "-0.0,-0.0",
        "1e3,1000.0",
        "1e15,1000000000000000.0",
        "1e16,1e+16",
        "1.5e300,1.5e+300",
        "0.0001,0.0001",
        "0.00001,1e-05",
        "-2.5e-7,-2.5e-07",
        "true,True",
        "null,None",
        "12345678901234567890,12345678901234567890"
    })
    void text_ofNumbersAndFlags_isPythons(String json, String text) throws IOException {
        assertThat(PythonText.of(new ObjectMapper().readTree(json))).isEqualTo(text);
    }

    @Test
    void flag_ofNumber_isAccepted() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"a\":1,\"b\":0,\"c\":2}");
        CheckpointConfig config = CheckpointConfig.read(directory);
        assertThat(config.flag("a", false)).isTrue();
        assertThat(config.flag("b", true)).isFalse();
        assertThatThrownBy(() -> config.flag("c", true))
                .hasMessage("c must be true or false, but was 2 (" + config.file() + ")");
    }
}
