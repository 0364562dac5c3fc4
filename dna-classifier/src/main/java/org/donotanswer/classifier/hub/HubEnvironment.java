package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options in environment variables, in the order in which the hub's Python client reads them. A blank variable
 * counts as not set. Immutable, hence thread-safe.
 */
final class HubEnvironment {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)})");

    private final Map<String, String> variables;

    private HubEnvironment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    static HubEnvironment ofProcess() {
        return of(System.getenv());
    }

    static HubEnvironment of(Map<String, String> variables) {
        return new HubEnvironment(variables);
    }

    URI endpoint() {
        String text = first("HF_ENDPOINT");
        try {
            return HubUrls.checkEndpoint(URI.create(text == null ? DEFAULT_ENDPOINT : text.strip()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("HF_ENDPOINT must be the URL of a hub: " + e.getMessage(), e);
        }
    }

    Path cache() {
        String text = first("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE");
        return text == null ? home().resolve("hub") : path(text);
    }

    boolean offline() {
        String text = first("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE");
        return isTrue(text);
    }

    /** Returns the access token, if there is one; a file is read again for each call. */
    Optional<String> token() throws IOException {
        if (isTrue(first("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) {
            return Optional.empty();
        }
        String text = first("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
        if (text != null) {
            return cleaned(text, "HF_TOKEN");
        }
        String path = first("HF_TOKEN_PATH");
        Path file = path == null ? home().resolve("token") : path(path);
        String read;
        try {
            read = Files.readString(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new HubException("token file must be readable text, but was not (" + file + ")", e);
        }
        return cleaned(read, file.toString());
    }

    private static Optional<String> cleaned(String text, String source) throws HubException {
        String token = text.replace("\r", "").replace("\n", "").strip();
        if (token.isEmpty()) {
            return Optional.empty();
        }
        if (!isToken(token)) {
            throw new HubException("token must be printable ASCII without spaces, but was not (" + source + ")");
        }
        return Optional.of(token);
    }

    /**
     * Returns whether the text is valid in a header: the client's error message about one that is not would quote it.
     */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private Path home() {
        String home = first("HF_HOME");
        if (home != null) {
            return path(home);
        }
        String xdg = first("XDG_CACHE_HOME");
        return (xdg == null ? Path.of(userHome(), ".cache") : path(xdg)).resolve("huggingface");
    }

    private String userHome() {
        String home = first("HOME", "USERPROFILE");
        return home == null ? System.getProperty("user.home") : home;
    }

    /** Returns the path with a tilde at its start and the names of variables expanded. */
    private Path path(String text) {
        boolean tilde = text.equals("~") || text.startsWith("~/");
        String expanded = VARIABLE.matcher(tilde ? userHome() + text.substring(1) : text)
                .replaceAll(found -> {
                    String name = found.group(1) == null ? found.group(2) : found.group(1);
                    return Matcher.quoteReplacement(variables.getOrDefault(name, found.group()));
                });
        return Path.of(expanded);
    }

    private @Nullable String first(String... names) {
        for (String name : names) {
            String value = variables.get(name);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    private static boolean isTrue(@Nullable String text) {
        return text != null && TRUE.contains(text.toUpperCase(Locale.ROOT));
    }
}
