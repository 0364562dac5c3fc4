package org.donotanswer.harness.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.harness.browser.HeadlessChromium;

/** A browser that opens pages of reports from files. Not thread-safe. */
final class PageBrowser implements AutoCloseable {
    private final HeadlessChromium chromium;

    PageBrowser() throws IOException {
        chromium = new HeadlessChromium();
    }

    /** Opens a page in a window of the given width, and waits until its responses can be searched. */
    void open(Path page, int width, boolean dark) {
        resize(width);
        chromium.setDark(dark);
        chromium.open(page.toUri(), "document.getElementById('_finder')?.dataset.indexed === 'true'");
    }

    void resize(int width) {
        chromium.resize(width, 900);
    }

    Object run(String script, Object... arguments) {
        return chromium.run(script, arguments);
    }

    List<String> texts(String script) {
        return chromium.texts(script);
    }

    void await(String expression) {
        chromium.await(expression);
    }

    List<String> requests() throws IOException {
        return chromium.requests();
    }

    List<String> complaints() {
        return chromium.complaints();
    }

    /** Returns the violations that axe-core finds: rule, and elements. */
    List<String> violations() {
        run(resource("axe.min.js") + "; window.axe = axe;");
        Object found = chromium.driver()
                .executeAsyncScript(
                        """
                const told = arguments[0];
                window.axe.run(document, {resultTypes: ['violations']}).then((result) => told(result.violations.map((violation) =>
                  `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 200)).join(' and ')}`)));
                """);
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    private static String resource(String name) {
        try (InputStream in = PageBrowser.class.getResourceAsStream("/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the processor time in ms that the page has taken so far, which other programs do not lengthen. */
    double processorMillis() {
        chromium.driver().executeCdpCommand("Performance.enable", Map.of("timeDomain", "threadTicks"));
        List<?> metrics = (List<?>) chromium.driver()
                .executeCdpCommand("Performance.getMetrics", Map.of())
                .get("metrics");
        return metrics.stream()
                .map(metric -> (Map<?, ?>) metric)
                .filter(metric -> "TaskDuration".equals(metric.get("name")))
                .mapToDouble(metric -> 1000 * ((Number) Objects.requireNonNull(metric.get("value"))).doubleValue())
                .sum();
    }

    /** Saves downloads into a directory. */
    void downloadTo(Path directory) {
        chromium.driver()
                .executeCdpCommand(
                        "Browser.setDownloadBehavior",
                        Map.of(
                                "behavior",
                                "allow",
                                "downloadPath",
                                directory.toAbsolutePath().toString()));
    }

    @Override
    public void close() {
        chromium.close();
    }
}
