package org.donotanswer.bench.encoder;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class WorkDirectoryFuzzTest implements FuzzTests {
    static Stream<byte[]> settings() {
        return Seeds.texts("{\"seed\":\"1\",\"base\":\"minilm\"}", "{\"seed\":\"2\"}");
    }

    @MethodSource("settings")
    @FuzzTest
    void settings(byte[] data) throws IOException {
        Path directory = Seeds.file("work/settings.json", data).getParent();

        ReaderContract.read(
                () -> {
                    new WorkDirectory(directory).begin(Map.of("seed", "1", "base", "minilm"));
                    return directory;
                },
                IOException.class);
    }
}
