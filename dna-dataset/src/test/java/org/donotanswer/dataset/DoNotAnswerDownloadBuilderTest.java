package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoNotAnswerDownloadBuilderTest {
    @Test
    void builder_valueSetTwice_isRefusedWithBothValues() {
        DoNotAnswerDownload.Builder builder = DoNotAnswerDownload.builder().retries(1);
        assertThatThrownBy(() -> builder.retries(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("retries must be set once, but was 1 and then 2");
    }

    @Test
    void builder_badValues_areRefused() {
        DoNotAnswerDownload.Builder builder = DoNotAnswerDownload.builder();
        assertThatThrownBy(() -> builder.mirror(URI.create("ftp://example.org/")))
                .hasMessage(
                        "mirror must be an http or https URL without query or fragment, but was ftp://example.org/");
        assertThatThrownBy(() -> builder.mirror(URI.create("https://example.org/?a=b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.files(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.timeout(Duration.ZERO)).hasMessage("timeout must be positive, but was PT0S");
        assertThatThrownBy(() -> builder.retries(-1)).hasMessage("retries must be at least 0, but was -1");
        assertThatThrownBy(() -> builder.backoff(Duration.ofSeconds(-1)))
                .hasMessage("backoff must not be negative, but was PT-1S");
    }

    @Test
    void defaultCacheDirectory_followsTheXdgSpecification() {
        assertThat(DoNotAnswerDownload.defaultCacheDirectory(name -> null, "/home/ada"))
                .isEqualTo(Path.of("/home/ada/.cache/do-not-answer"));
        assertThat(DoNotAnswerDownload.defaultCacheDirectory(name -> "/var/cache/ada", "/home/ada"))
                .isEqualTo(Path.of("/var/cache/ada/do-not-answer"));
        assertThat(DoNotAnswerDownload.defaultCacheDirectory(name -> "relative", "/home/ada"))
                .isEqualTo(Path.of("/home/ada/.cache/do-not-answer"));
    }

    @Test
    void publishedFiles_arePinned() {
        assertThat(PublishedFile.all())
                .hasSize(38)
                .extracting(PublishedFile::path)
                .doesNotHaveDuplicates();
        assertThat(PublishedFile.essential())
                .extracting(PublishedFile::path, PublishedFile::sha256)
                .containsExactly(
                        tuple("data_en.csv", "410449674780aa7304512043706f7981f666a79528d11546da34ebdd9595681c"),
                        tuple(
                                "Instruction/do_not_answer_en.csv",
                                "06acfa39a06a1b33d1f264ce41b4f7a95812010c594fb733ae4717ee0a4544fc"));
    }

    @Test
    void publishedFile_pathOutOfTheDirectory_isRefused() {
        for (String path : List.of("../x.csv", "/x.csv", "a//b", "a/../../b", "C:\\x", "", "a b", ".hidden")) {
            assertThatThrownBy(() -> new PublishedFile(path, 1, "0".repeat(64)))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
