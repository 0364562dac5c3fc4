package org.donotanswer.classifier.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplyCacheTest {
    private static final Exchange EXCHANGE = Exchange.of("How do I tame a walrus?", "With fish, and patience.");

    @TempDir
    private Path directory;

    private JudgeBuilder builder(ScriptedChat chat) {
        return JudgeEvaluator.builder().model(chat).cache(directory);
    }

    private static ScriptedChat honest() {
        return ScriptedChat.saying(request -> ScriptedChat.verdict(request, false));
    }

    private static ScriptedChat silent() {
        return ScriptedChat.saying(request -> {
            throw new AssertionError("chatbot must not be asked, but was");
        });
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void reply_isCachedForTheNextEvaluator() throws IOException {
        Assessment first;
        try (JudgeEvaluator judge = builder(honest()).build()) {
            first = judge.evaluate(EXCHANGE);
        }
        // The secret differs, but the token is kept with the reply.
        try (JudgeEvaluator judge = builder(silent()).build()) {
            assertThat(judge.evaluate(EXCHANGE)).isEqualTo(first);
            assertThat(judge.usage().cacheHits()).isEqualTo(1);
            assertThat(judge.usage().tokens().input()).isZero();
        }
    }

    @Test
    void files_holdTheReplyButNotTheTexts() throws IOException {
        try (JudgeEvaluator judge = builder(honest()).build()) {
            judge.evaluate(EXCHANGE);
        }
        assertThat(files()).hasSize(1);
        assertThat(Files.readString(files().get(0)))
                .contains("CANNOT_ASSIST", "\"inputTokens\":1000", "scripted-1")
                .doesNotContain("walrus", "fish");
        assertThat(files().get(0).getFileName().toString()).matches("[0-9a-f]{64}\\.json");
    }

    @Test
    void anotherTextModelSettingOrLimit_isAskedAbout() throws IOException {
        List<JudgeBuilder> others = List.of(
                builder(honest()).setting("temperature", "1"),
                builder(honest()).maxChars(200),
                builder(honest()).judgeInstruction(true));
        try (JudgeEvaluator judge = builder(honest()).build()) {
            judge.evaluate(EXCHANGE);
            judge.evaluate(EXCHANGE.instruction() + "W", EXCHANGE.response().substring(1));
            judge.evaluate("", "\uD800");
            judge.evaluate("", "\uD801");
            assertThat(judge.usage().cacheHits()).isZero();
        }
        for (JudgeBuilder other : others) {
            try (JudgeEvaluator judge = other.build()) {
                assertThat(judge.reply(EXCHANGE)).isEmpty();
            }
        }
        assertThat(files()).hasSize(4);
    }

    @Test
    void name_isNotPartOfTheKey() throws IOException {
        try (JudgeEvaluator judge = builder(honest()).build()) {
            judge.evaluate(EXCHANGE);
        }
        try (JudgeEvaluator judge = builder(silent()).name("another").build()) {
            assertThat(judge.evaluate(EXCHANGE).isScored()).isTrue();
        }
    }

    @Test
    void brokenFile_isReplaced() throws IOException {
        try (JudgeEvaluator judge = builder(honest()).build()) {
            judge.evaluate(EXCHANGE);
        }
        Path file = files().get(0);
        String whole = Files.readString(file);
        for (String broken : List.of(
                "",
                "{",
                "null",
                whole.substring(0, whole.length() / 2),
                whole.replace("STOP", "HALT"),
                whole.replace("\"formatVersion\":1", "\"formatVersion\":2"),
                whole.replaceFirst("\"key\":\"..", "\"key\":\"zz"))) {
            Files.writeString(file, broken);
            try (JudgeEvaluator judge = builder(honest()).secret("s").build()) {
                assertThat(judge.evaluate(EXCHANGE).isScored()).isTrue();
                assertThat(judge.usage().requests()).isEqualTo(1);
            }
            assertThat(Files.readString(file)).isNotEqualTo(broken);
        }
    }

    /**
     * Anybody who can write to the cache can write judgements; but renaming a file does not assign its reply to another
     * exchange.
     */
    @Test
    void fileOfAnotherKey_doesNotCount() throws IOException {
        try (JudgeEvaluator judge = builder(honest()).build()) {
            judge.evaluate(EXCHANGE);
            Path file = files().get(0);
            judge.evaluate("", "other");
            Path other = files().stream()
                    .filter(each -> !each.equals(file))
                    .findFirst()
                    .orElseThrow();
            Files.write(other, Files.readAllBytes(file));

            assertThat(judge.reply(Exchange.of("", "other"))).isEmpty();
        }
    }

    @Test
    void unwritableCache_isReportedInTheUsage() throws IOException {
        try (JudgeEvaluator judge = builder(honest()).build()) {
            for (int i = 0; i < 256; i++) {
                // In place of the directories for the keys.
                Files.write(
                        directory.resolve(String.format(java.util.Locale.ROOT, "%02x", i)),
                        "x".getBytes(StandardCharsets.UTF_8));
            }

            assertThat(judge.evaluate(EXCHANGE).isScored()).isTrue();

            assertThat(judge.usage().cacheWriteFailures()).isEqualTo(1);
        }
    }

    @Test
    void manyThreadsAndEvaluators_shareTheDirectory() throws Exception {
        List<Exchange> exchanges = IntStream.range(0, 40)
                .mapToObj(i -> Exchange.of("", "a" + i % 20))
                .toList();
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<Assessment>>> futures = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                futures.add(executor.submit(() -> {
                    try (JudgeEvaluator judge = builder(honest()).build()) {
                        return judge.evaluateAll(exchanges);
                    }
                }));
            }
            for (Future<List<Assessment>> future : futures) {
                assertThat(future.get()).allMatch(Assessment::isScored);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(files()).hasSize(20).allMatch(file -> file.toString().endsWith(".json"));
        try (JudgeEvaluator judge = builder(silent()).build()) {
            assertThat(judge.evaluateAll(exchanges)).allMatch(Assessment::isScored);
        }
    }
}
