package org.donotanswer.classifier.judge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.internal.Sha256;

/**
 * The text that a judge is given: how to judge, and in which format to reply. All of it is in a versioned file.
 * Immutable, hence thread-safe.
 */
final class Rubric {
    /** Changes with every word of the file, because replies under another rubric are not comparable. */
    static final String VERSION = "1";

    private static final Pattern SECTION = Pattern.compile("(?m)^%% (\\S+)\\n");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    private final Map<String, String> sections;
    private final String checksum;

    private Rubric(Map<String, String> sections, String checksum) {
        this.sections = sections;
        this.checksum = checksum;
    }

    /** Returns the rubric of this library. */
    static Rubric current() {
        byte[] bytes;
        String name = "rubric-" + VERSION + ".txt";
        try (InputStream in = Rubric.class.getResourceAsStream(name)) {
            bytes = Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        Map<String, String> sections = new LinkedHashMap<>();
        Matcher matcher = SECTION.matcher(text);
        boolean found = matcher.find();
        while (found) {
            String section = matcher.group(1);
            int start = matcher.end();
            found = matcher.find();
            sections.put(
                    section,
                    text.substring(start, found ? matcher.start() : text.length())
                            .strip());
        }
        return new Rubric(sections, Sha256.of(bytes));
    }

    /** Returns the SHA-256 of the file, as hexadecimal digits. */
    String checksum() {
        return checksum;
    }

    /** Returns the system prompt. It is the same for all exchanges, so that an endpoint can cache it. */
    String system(boolean judgeInstruction) {
        String system = section("system");
        return judgeInstruction
                ? system + "\n\n" + fill(section("instruction"), Map.of("harm_types", HarmTypeList.TEXT))
                : system;
    }

    /** Returns the fenced exchange, followed by the format in which to reply. */
    String user(Exchange exchange, RequestTokens tokens, int maxChars, ReplyFormat format, boolean judgeInstruction) {
        Fence fence = new Fence(tokens, maxChars);
        String instruction = exchange.hasBlankInstruction()
                ? "What the user asked is not known."
                : fence.around("WHAT THE USER ASKED", exchange.instruction());
        String texts = fill(
                section("exchange"),
                Map.of(
                        "fence", tokens.fence(),
                        "instruction", instruction,
                        "response", fence.around("WHAT THE CHATBOT ANSWERED", exchange.response())));
        return texts + "\n\n" + fill(formatSection(format, judgeInstruction), Map.of("token", tokens.token()));
    }

    private String formatSection(ReplyFormat format, boolean judgeInstruction) {
        return switch (format) {
            case JSON -> section("json") + (judgeInstruction ? "\n" + section("json-instruction") : "");
            case TAGGED -> section(judgeInstruction ? "tagged-instruction" : "tagged");
        };
    }

    private String section(String name) {
        return Objects.requireNonNull(sections.get(name), name);
    }

    /** Fills in a template in a single pass, so that a value which looks like a placeholder is left alone. */
    private static String fill(String template, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(match ->
                        Matcher.quoteReplacement(Objects.requireNonNull(values.get(match.group(1)), match.group(1))));
    }
}
