package org.donotanswer.classifier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class HubFuzzTest implements FuzzTests {
    private static final URI URL = URI.create("https://hub.example/api/models/owner/name/revision/main");

    static Stream<byte[]> listings() {
        return Seeds.texts(
                """
                {"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [
                 {"rfilename": "config.json", "size": 30}, {"rfilename": "model.safetensors.index.json", "size": 1},
                 {"rfilename": "model-00001-of-00002.safetensors", "size": 9, "lfs": {"sha256": "ab", "size": 9}},
                 {"rfilename": "sub/model-00002-of-00002.safetensors"}]}
                """,
                """
                {"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [
                 {"rfilename": "pytorch_model.bin", "size": 3}, {"rfilename": "vocab.txt"}]}
                """);
    }

    @MethodSource("listings")
    @FuzzTest
    void listing(byte[] data) {
        ReaderContract.read(() -> HubApi.parse(data, URL), HubException.class).ifPresent(listing -> {
            Set<String> names = listing.files().keySet();
            for (FileSelection selection : List.of(FileSelection.forEvaluator(), FileSelection.of(List.of("*.json")))) {
                assertThat(names).containsAll(selection.choose(names));
                assertThat(selection.missing(names)).isNotNull();
            }
        });
    }
}
