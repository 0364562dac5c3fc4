package org.donotanswer.harness.report;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.donotanswer.internal.Sha256;
import org.unbescape.html.HtmlEscape;

/**
 * A report as one HTML page: style, scripts and charts are in it, and a policy that lets it load nothing and run no other
 * script. All text is escaped by the template engine unless the template says otherwise.
 */
final class HtmlReport {
    private static final String DIRECTORY = "org/donotanswer/harness/report/";
    private static final String CHART_LIBRARY = "META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
    private static final List<String> STYLES = List.of("page.css", "blocks.css");
    /** In this order: later ones use earlier ones. */
    private static final List<String> SCRIPTS =
            List.of("draw.js", "parts.js", "rows.js", "fields.js", "points.js", "page.js");

    private static final Pattern ENDS_SCRIPT = Pattern.compile("(?i)</script|<script|<!--");
    private static final String ESCAPING = "page";
    private static final PebbleEngine ENGINE = engine();

    private HtmlReport() {}

    private static PebbleEngine engine() {
        ClasspathLoader loader = new ClasspathLoader(HtmlReport.class.getClassLoader());
        loader.setPrefix(DIRECTORY);
        loader.setCharset(StandardCharsets.UTF_8.name());
        return new PebbleEngine.Builder()
                .loader(loader)
                .defaultLocale(Locale.ROOT)
                .strictVariables(true)
                .addEscapingStrategy(ESCAPING, text -> HtmlEscape.escapeHtml4Xml(VisibleText.of(text)))
                .defaultEscapingStrategy(ESCAPING)
                .build();
    }

    static String of(Report report) throws IOException {
        List<String> styles = new ArrayList<>();
        for (String name : STYLES) {
            styles.add(resource(DIRECTORY + name));
        }
        List<String> scripts = new ArrayList<>(List.of(script(CHART_LIBRARY)));
        for (String name : SCRIPTS) {
            scripts.add(script(DIRECTORY + name));
        }
        PebbleTemplate template = ENGINE.getTemplate("page.html");
        StringWriter page = new StringWriter();
        template.evaluate(
                page,
                Map.of(
                        "page", HtmlModel.of(report),
                        "policy", policy(styles, scripts),
                        "styles", styles,
                        "scripts", scripts,
                        "charts", ChartJson.of(report)));
        return page.toString();
    }

    private static String policy(List<String> styles, List<String> scripts) {
        return "default-src 'none'; script-src " + hashes(scripts) + "; style-src " + hashes(styles)
                + "; img-src data:; base-uri 'none'; form-action 'none'";
    }

    private static String hashes(List<String> contents) {
        return contents.stream().map(HtmlReport::hash).collect(Collectors.joining(" "));
    }

    private static String hash(String content) {
        byte[] hash = Sha256.digest().digest(content.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    }

    private static String script(String name) throws IOException {
        String script = resource(name);
        if (ENDS_SCRIPT.matcher(script).find()) {
            throw new IllegalStateException("script must not contain a tag of scripts, but did (" + name + ")");
        }
        return script;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlReport.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("resource must be on the class path, but was missing (" + name + ")");
            }
            // As a browser reads it, so that hashes agree.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
    }
}
