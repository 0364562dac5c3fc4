package org.donotanswer.classifier.judge;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatReply;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.internal.TemporaryFile;
import org.jspecify.annotations.Nullable;

/**
 * Keeps replies in a directory, each in a small JSON file {@code KE/KEY.json}. A file appears once it is complete.
 * Several threads and processes may share the directory; if two of them keep a reply under the same key, one of the
 * replies remains. A file that cannot be read counts as missing, and the next reply replaces it. Thread-safe.
 */
final class FileReplyStore implements ReplyStore {
    private static final int FORMAT_VERSION = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;

    FileReplyStore(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** The content of a file. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record StoredReply(
            int formatVersion,
            @Nullable String key,
            @Nullable ReplyFormat form,
            @Nullable String token,
            boolean judgedInstruction,
            @Nullable String model,
            ChatReply.@Nullable Finish finish,
            long inputTokens,
            long outputTokens,
            @Nullable String reply) {
        static StoredReply of(JudgeReply reply) {
            ChatReply chat = reply.reply();
            return new StoredReply(
                    FORMAT_VERSION,
                    reply.key(),
                    reply.format(),
                    reply.token(),
                    reply.judgedInstruction(),
                    chat.model(),
                    chat.finish(),
                    chat.usage().input(),
                    chat.usage().output(),
                    chat.text());
        }

        /** Returns the reply; empty if it is not a reply of the given key in this version of the format. */
        Optional<JudgeReply> toReply(String expectedKey) {
            if (formatVersion != FORMAT_VERSION
                    || !expectedKey.equals(key)
                    || form == null
                    || token == null
                    || token.isEmpty()
                    || finish == null
                    || reply == null) {
                return Optional.empty();
            }
            TokenUsage usage = new TokenUsage(inputTokens, outputTokens);
            ChatReply chat = new ChatReply(reply, finish, usage, model == null ? "" : model);
            return Optional.of(new JudgeReply(expectedKey, form, token, judgedInstruction, chat));
        }
    }

    @Override
    public Optional<JudgeReply> find(String key) {
        Path file = file(key);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSON.readValue(Files.readAllBytes(file), StoredReply.class))
                    .flatMap(stored -> stored.toReply(key));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public void keep(JudgeReply reply) throws IOException {
        Path file = file(reply.key());
        Files.createDirectories(file.getParent());
        byte[] json = (JSON.writeValueAsString(StoredReply.of(reply)) + "\n").getBytes(StandardCharsets.UTF_8);
        try (TemporaryFile temporary = TemporaryFile.create(file);
                OutputStream out = Channels.newOutputStream(temporary.channel())) {
            out.write(json);
            temporary.replace();
        } catch (TemporaryFile.InUseException e) {
            // Another thread or process keeps a reply under the same key.
            return;
        }
    }

    private Path file(String key) {
        return directory.resolve(key.substring(0, 2)).resolve(key + ".json");
    }
}
