package org.donotanswer.classifier.hub;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms of names: of repositories, revisions and commits as callers give them, of files as servers list them. */
final class HubNames {
    private static final Pattern REPOSITORY =
            Pattern.compile("(?:[A-Za-z0-9](?:[\\w.-]*\\w)?/)?[A-Za-z0-9_](?:[\\w.-]{0,94}\\w)?");
    /** What git allows in a reference's name. */
    private static final Pattern REVISION = Pattern.compile("[^\\s\\p{Cntrl}~^:?*\\[\\\\]{1,255}");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final String UNRESERVED = "-._~";

    private HubNames() {}

    static String checkRepository(String repository) {
        Objects.requireNonNull(repository, "repository");
        if (!REPOSITORY.matcher(repository).matches()
                || repository.contains("..")
                || repository.contains("--")
                || repository.endsWith(".git")) {
            throw new IllegalArgumentException(
                    "repository must be a hub name such as owner/model, but was " + quote(repository));
        }
        return repository;
    }

    static String checkRevision(String revision) {
        Objects.requireNonNull(revision, "revision");
        boolean plain = REVISION.matcher(revision).matches() && !revision.contains("..") && !revision.contains("@{");
        for (String segment : revision.split("/", -1)) {
            plain &= !segment.isEmpty() && !segment.startsWith(".") && !segment.startsWith("-");
        }
        if (!plain) {
            throw new IllegalArgumentException(
                    "revision must be a branch, a tag or a commit hash, but was " + quote(revision));
        }
        return revision;
    }

    /** Whether the text is a whole commit hash; a shortened one is not. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Returns the name of a file in a server's list if it can only be below a directory. */
    static String checkListed(String name) throws HubException {
        boolean relative = !name.isEmpty() && name.indexOf('\\') < 0;
        for (String segment : name.split("/", -1)) {
            relative &= !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
        }
        if (!relative || name.chars().anyMatch(Character::isISOControl)) {
            throw refused(name, null);
        }
        return name;
    }

    /** Returns the file of that name below the directory, and never another. */
    static Path below(Path directory, String name) throws HubException {
        try {
            Path path = directory.resolve(checkListed(name));
            if (path.equals(path.normalize()) && path.startsWith(directory)) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw refused(name, e);
        }
        throw refused(name, null);
    }

    private static HubException refused(String name, @Nullable InvalidPathException cause) {
        return new HubException("file name must be relative and stay in its directory, but was " + quote(name), cause);
    }

    /** Returns the text with all that means something in a URL's path encoded, a slash too. */
    static String encodeSegment(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return encoded.toString();
    }

    /** Returns the path with all that means something in a URL's path encoded, but for its slashes. */
    static String encodePath(String path) {
        return encodeSegment(path).replace("%2F", "/");
    }

    /** The text on one line, whatever is in it. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars()
                .forEach(c -> quoted.append(
                        Character.isISOControl(c)
                                ? String.format(Locale.ROOT, "\\u%04x", c)
                                : String.valueOf((char) c)));
        return quoted.append('"').toString();
    }
}
