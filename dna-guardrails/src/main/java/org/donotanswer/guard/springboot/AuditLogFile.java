package org.donotanswer.guard.springboot;

import static org.donotanswer.guard.springboot.GuardPropertyException.ifSet;
import static org.donotanswer.guard.springboot.GuardPropertyException.name;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import org.donotanswer.guard.audit.AuditLog;
import org.donotanswer.guard.springboot.GuardProperties.AuditProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ResourceUtils;

/** Opens the audit log that the properties describe. No message holds the key. */
final class AuditLogFile {
    private static final String FILE = "audit.file";
    private static final String KEY = "audit.key";
    private static final String KEY_FILE = "audit.key-file";

    private AuditLogFile() {}

    /**
     * Returns the log.
     *
     * @throws GuardPropertyException if properties contradict each other, or a file cannot be opened
     */
    static AuditLog open(AuditProperties properties) {
        if (properties.file() == null) {
            throw new GuardPropertyException(
                    name(FILE) + " must be set if other properties of the audit log are, but was not");
        }
        Path file = path(FILE, properties.file());
        AuditLog.Builder builder = AuditLog.builder();
        ifSet("audit.queue", properties.queue(), builder::queue);
        if (properties.plainTexts()) {
            builder.writePlainTexts();
        }
        if (properties.key() != null && properties.keyFile() != null) {
            throw new GuardPropertyException(name(KEY) + " must be set, or " + name(KEY_FILE) + ", but both were");
        }
        ifSet(KEY, decoded(KEY, properties.key()), builder::key);
        ifSet(KEY_FILE, decoded(KEY_FILE, content(properties.keyFile())), builder::key);
        try {
            return builder.open(file);
        } catch (IOException e) {
            throw new GuardPropertyException(
                    name(FILE) + " must be a file that can be written, but was " + file + ": " + e, e);
        } catch (IllegalStateException e) {
            throw new GuardPropertyException(name(FILE) + ": " + e.getMessage(), e);
        }
    }

    /** Returns the file of a path or a {@code file:} URL. */
    private static Path path(String property, String value) {
        requireResolved(property, value);
        try {
            // A file inside an archive cannot be written; outside one, which of several is meant depends on the class
            // path.
            if (value.isBlank() || value.startsWith(ResourceUtils.CLASSPATH_URL_PREFIX)) {
                throw new FileNotFoundException();
            }
            return ResourceUtils.getFile(value).toPath();
        } catch (FileNotFoundException | InvalidPathException e) {
            throw new GuardPropertyException(name(property) + " must be the path of a file, but was '" + value + "'");
        }
    }

    private static @Nullable String content(@Nullable String keyFile) {
        if (keyFile == null) {
            return null;
        }
        Path path = path(KEY_FILE, keyFile);
        try {
            // Any bytes have a text in this character set, so that no exception can quote them.
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new GuardPropertyException(name(KEY_FILE) + " must be readable, but was " + path + ": " + e, e);
        }
    }

    private static byte @Nullable [] decoded(String property, @Nullable String key) {
        if (key == null) {
            return null;
        }
        requireResolved(property, key);
        try {
            return Base64.getDecoder().decode(key.strip());
        } catch (IllegalArgumentException e) {
            // Not as the cause: it quotes a character.
            throw new GuardPropertyException(
                    name(property) + " must be a key in Base64, as \"openssl rand -base64 32\" prints it, but was not");
        }
    }

    /** Spring Boot leaves placeholders without a value as they are; as a key, such a text would be known to everyone. */
    private static void requireResolved(String property, String value) {
        if (value.contains("${")) {
            throw new GuardPropertyException(
                    name(property) + " must have a value, but was a placeholder that stands for none");
        }
    }
}
