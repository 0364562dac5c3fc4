package org.donotanswer.classifier.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of the builder, the names that callers give, and the selection of files. */
class HubChoicesTest {
    private static Arguments twice(ThrowingCallable calls, String message) {
        return Arguments.of(calls, message);
    }

    static Stream<Arguments> valuesSetTwice() {
        HubProgress progress = new HubProgress() {
            @Override
            public void update(String file, long bytes, long total) {}

            @Override
            public String toString() {
                return "progress";
            }
        };
        return Stream.of(
                twice(
                        () -> Hub.builder().endpoint(URI.create("http://a/")).endpoint(URI.create("http://b")),
                        "endpoint must be set once, but was http://a and then http://b"),
                twice(
                        () -> Hub.builder().cache(Path.of("a")).cache(Path.of("b")),
                        "cache must be set once, but was a and then b"),
                twice(() -> Hub.builder().token("secret").token("secret"), "token must be set once, but was set twice"),
                twice(
                        () -> Hub.builder().offline(true).offline(false),
                        "offline must be set once, but was true and then false"),
                twice(
                        () -> Hub.builder().files("a", "b").files("c"),
                        "files must be set once, but was [a, b] and then [c]"),
                twice(
                        () -> Hub.builder().timeout(Duration.ofSeconds(1)).timeout(Duration.ofSeconds(2)),
                        "timeout must be set once, but was PT1S and then PT2S"),
                twice(() -> Hub.builder().retries(1).retries(2), "retries must be set once, but was 1 and then 2"),
                twice(
                        () -> Hub.builder().progress(progress).progress(progress),
                        "progress must be set once, but was progress and then progress"));
    }

    @ParameterizedTest
    @MethodSource("valuesSetTwice")
    void builder_valueSetTwice_namesBoth(ThrowingCallable calls, String message) {
        assertThatThrownBy(calls).isInstanceOf(IllegalStateException.class).hasMessage(message);
    }

    static Stream<Arguments> badValues() {
        return Stream.of(
                twice(
                        () -> Hub.builder().endpoint(URI.create("ftp://a")),
                        "endpoint must be an http or https URL without query or fragment, but was ftp://a"),
                twice(
                        () -> Hub.builder().endpoint(URI.create("http://a?b")),
                        "endpoint must be an http or https URL without query or fragment, but was http://a?b"),
                twice(
                        () -> Hub.builder().endpoint(URI.create("http://user:word@a/b")),
                        "endpoint must be a URL without user and password, but had them (http://a/b)"),
                twice(
                        () -> Hub.builder().token("hf_a\nb"),
                        "token must be printable ASCII without spaces, but was not"),
                twice(() -> Hub.builder().token(""), "token must be printable ASCII without spaces, but was not"),
                twice(() -> Hub.builder().files(), "files must be one or more non-empty names, but were []"),
                twice(() -> Hub.builder().files("a", ""), "files must be one or more non-empty names, but were [a, ]"),
                twice(() -> Hub.builder().timeout(Duration.ZERO), "timeout must be positive, but was PT0S"),
                twice(() -> Hub.builder().retries(-1), "retries must be at least 0, but was -1"));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void builder_badValue_isNamed(ThrowingCallable calls, String message) {
        assertThatThrownBy(calls).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "LibrAI/longformer-harmful-ro", "a/b", "0x/_.y", "Foo-BAR_foo/bar.123"})
    void checkRepository_hubName_isTaken(String name) {
        assertThat(HubNames.checkRepository(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "a/", "/b", "a/b/c", "..", "a/..", "../a", "a--b", "a/b--c", "a/b..c", ".a", "a/.b", "a b",
                "a\\b", "a/b.git", "é/b", "a/b\n", "a/b?x", "a/b#x", "a%2Fb", "a:b", "-a/b", "a/b."
            })
    void checkRepository_anythingElse_isRefused(String name) {
        assertThatThrownBy(() -> HubNames.checkRepository(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("repository must be a name like owner/model, but was \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "v1.0", "feature/x-y", "refs/pr/1", "0123abc", "a+b", "größe", "a%2Fb"})
    void checkRevision_plainReference_isTaken(String revision) {
        assertThatCode(() -> HubNames.checkRevision(revision)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "/main", "main/", "a//b", "..", "a/../b", "a..b", ".a", "a/.b", "a b", "a\\b", "a:b", "a?",
                "a*", "a[b", "a~1", "a^", "a@{1}", "a\n", "a\u0000", "-f"
            })
    void checkRevision_anythingElse_isRefused(String revision) {
        assertThatThrownBy(() -> HubNames.checkRevision(revision))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("revision must be a branch, a tag or a commit hash, but was \"");
    }

    @Test
    void quote_controlCharacters_areOnOneLine() {
        assertThat(HubNames.quote("a\nb")).isEqualTo("\"a\\u000ab\"");
    }

    @Test
    void choose_forEvaluator_takesTheSafestWeightsAndNothingElse() {
        Set<String> names = Set.of(
                "README.md",
                "config.json",
                "vocab.json",
                "merges.txt",
                "special_tokens_map.json",
                "model.safetensors",
                "model.fp16.safetensors",
                "pytorch_model.bin",
                "tf_model.h5",
                "onnx/model.onnx",
                "training_args.bin");
        assertThat(FileSelection.forEvaluator().choose(names))
                .containsExactly(
                        "config.json", "merges.txt", "special_tokens_map.json", "vocab.json", "model.safetensors");
        assertThat(FileSelection.forEvaluator().missing(names)).isEmpty();
    }

    @Test
    void choose_noSafetensors_takesThePickledWeights() {
        Set<String> names = Set.of("config.json", "pytorch_model.bin", "tf_model.h5");
        assertThat(FileSelection.forEvaluator().choose(names)).containsExactly("config.json", "pytorch_model.bin");
    }

    @Test
    void choose_shards_takesThemAndThenTheirIndex() {
        Set<String> names = Set.of(
                "config.json",
                "pytorch_model.bin",
                "model.safetensors.index.json",
                "model-00002-of-00002.safetensors",
                "model-00001-of-00002.safetensors",
                "pytorch_model-00001-of-00001.bin");
        assertThat(FileSelection.forEvaluator().choose(names))
                .containsExactly(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
        assertThat(FileSelection.forEvaluator().missing(names)).isEmpty();
    }

    @Test
    void missing_indexWithoutShards_saysSo() {
        assertThat(FileSelection.forEvaluator().missing(Set.of("config.json", "pytorch_model.bin.index.json")))
                .containsExactly("the files that pytorch_model.bin.index.json names");
    }

    @Test
    void choose_patterns_matchAsWithThePythonClient() {
        Set<String> names = Set.of("a.json", "b/c.json", "a1.txt", "a12.txt", "x\\E.bin", "a+json");
        assertThat(FileSelection.of(List.of("*.json")).choose(names)).containsExactly("a.json", "b/c.json");
        assertThat(FileSelection.of(List.of("a?.txt")).choose(names)).containsExactly("a1.txt");
        assertThat(FileSelection.of(List.of("x\\E.bin")).choose(names)).containsExactly("x\\E.bin");
        assertThat(FileSelection.of(List.of("a.json", "none", "n*")).missing(names))
                .containsExactly("none", "n*");
    }
}
