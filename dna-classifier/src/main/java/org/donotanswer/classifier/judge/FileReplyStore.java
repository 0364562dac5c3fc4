package org.donotanswer.classifier.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.donotanswer.classifier.chat.ChatReply;
import org.donotanswer.classifier.chat.TokenUsage;

/**
 * Replies in a directory, one small JSON file each, {@code KE/KEY.json}. A file appears when it is complete; several threads
 * and processes may share the directory, and if two keep a reply of the same key, one of them stays. A file that cannot be
 * read counts as none, and the next reply replaces it. Thread-safe.
 */
final class FileReplyStore implements ReplyStore {
    private static final int FORMAT_VERSION = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;

    FileReplyStore(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    @Override
    public Optional<JudgeReply> find(String key) {
        Path file = file(key);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(key, JSON.readTree(Files.readAllBytes(file))));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static JudgeReply read(String key, JsonNode json) {
        if (json.path("formatVersion").asInt() != FORMAT_VERSION
                || !key.equals(json.path("key").asText())
                || !json.path("reply").isTextual()
                || json.path("token").asText().isEmpty()) {
            throw new IllegalArgumentException("file must be a reply of this version, but was not");
        }
        return new JudgeReply(
                key,
                ReplyFormat.valueOf(json.path("form").asText()),
                json.path("token").asText(),
                json.path("judgedInstruction").asBoolean(),
                new ChatReply(
                        json.path("reply").asText(),
                        ChatReply.Finish.valueOf(json.path("finish").asText()),
                        new TokenUsage(
                                json.path("inputTokens").asLong(),
                                json.path("outputTokens").asLong()),
                        json.path("model").asText()));
    }

    @Override
    public void keep(JudgeReply reply) throws IOException {
        Path file = file(reply.key());
        Files.createDirectories(file.getParent());
        // not createTempFile: its files are for their owner alone
        Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.write(temporary, text(reply).getBytes(StandardCharsets.UTF_8));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String text(JudgeReply reply) throws JsonProcessingException {
        ObjectNode json = JSON.createObjectNode()
                .put("formatVersion", FORMAT_VERSION)
                .put("key", reply.key())
                .put("form", reply.form().name())
                .put("token", reply.token())
                .put("judgedInstruction", reply.judgedInstruction())
                .put("model", reply.reply().model())
                .put("finish", reply.reply().finish().name())
                .put("inputTokens", reply.reply().usage().input())
                .put("outputTokens", reply.reply().usage().output())
                .put("reply", reply.reply().text());
        return JSON.writeValueAsString(json) + "\n";
    }

    private Path file(String key) {
        return directory.resolve(key.substring(0, 2)).resolve(key + ".json");
    }
}
