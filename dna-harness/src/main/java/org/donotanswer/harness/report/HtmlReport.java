package org.donotanswer.harness.report;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.Writer;
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
 * A report as one HTML page that contains its styles, scripts and charts. A policy keeps it from loading anything or running
 * other scripts. The template engine escapes all text unless the template says otherwise.
 */
final class HtmlReport {
    private static final String DIRECTORY = "org/donotanswer/harness/report/";
    private static final String CHART_LIBRARY = "META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
    private static final List<String> STYLES = List.of("page.css", "blocks.css", "answers.css");
    /** In this order, as each may use the ones before. */
    private static final List<String> SCRIPTS = List.of(
            "draw.js", "base.js", "bars.js", "heatmaps.js", "points.js", "pictures.js", "page.js", "answers.js");

    private static final Pattern ENDS_SCRIPT = Pattern.compile("(?i)</script|<script|<!--");
    /** Where the page has the exchanges to search. Neither escaped text nor JSON nor a script contains it. */
    private static final String ANSWERS = "<!--answers-->";

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

    /** Writes the page; the exchanges to search, most of it by far, are written as they are read. */
    static void write(Report report, Writer out) throws IOException {
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
                        "page",
                        HtmlModel.of(report),
                        "policy",
                        policy(styles, scripts),
                        "styles",
                        styles,
                        "scripts",
                        scripts,
                        "charts",
                        ChartJson.of(report),
                        "answers",
                        report.answers().isPresent() ? ANSWERS : ""));
        String text = page.toString();
        int answers = text.indexOf(ANSWERS);
        if (report.answers().isEmpty()) {
            out.write(text);
        } else {
            out.write(text, 0, answers);
            AnswersJson.write(report.answers().get(), out);
            out.write(text, answers + ANSWERS.length(), text.length() - answers - ANSWERS.length());
        }
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
            throw new IllegalStateException("script must not contain a script tag, but did (" + name + ")");
        }
        return script;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlReport.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("resource must be on the class path, but was missing (" + name + ")");
            }
            // Line ends as a browser reads them, so that the hashes match.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
    }
}
