package org.donotanswer.classifier.hub;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks names: of repositories, revisions and commits, which callers give, and of files, which servers list. */
final class HubNames {
    private static final Pattern REPOSITORY =
            Pattern.compile("(?:[A-Za-z0-9](?:[\\w.-]*\\w)?/)?[A-Za-z0-9_](?:[\\w.-]{0,94}\\w)?");
    /** The characters that Git allows in the name of a reference. */
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
                    "repository must be a name like owner/model, but was " + quote(repository));
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

    /** Returns whether the text is a full commit hash; an abbreviated one is not. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Returns a listed file name after checking that it cannot leave the directory it is resolved against. */
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

    /** Returns the path of a listed file in a directory, which is never outside it. */
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

    /** Returns the text with everything that is special in the path of a URL encoded, including slashes. */
    static String encodeSegment(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return encoded.toString();
    }

    /** Returns the path with everything that is special in the path of a URL encoded, except slashes. */
    static String encodePath(String path) {
        return encodeSegment(path).replace("%2F", "/");
    }

    /** Returns the text in quotes, with control characters escaped. */
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
