package org.donotanswer.harness.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium that opens pages of reports from files. Uses the installed program and driver. Not thread-safe. */
final class PageBrowser implements AutoCloseable {
    private static final Path PROGRAM = Path.of(System.getProperty("dna.chromium", "/usr/bin/chromium"));
    private static final Path DRIVER = Path.of(System.getProperty("dna.chromedriver", "/usr/bin/chromedriver"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Warns about an unknown version of the DevTools; a field, since loggers are weakly referenced. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    static {
        SELENIUM.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;
    private final JsonMapper mapper = new JsonMapper();

    PageBrowser() throws IOException {
        Path profile = Files.createTempDirectory(Files.createDirectories(Path.of("target/browser")), "profile");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(PROGRAM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
                "--lang=en",
                "--user-data-dir=" + profile.toAbsolutePath());
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options);
        driver.manage().timeouts().scriptTimeout(PATIENCE);
    }

    /**
     * Returns whether there is a browser; says so on standard output if there is none.
     *
     * @throws IllegalStateException if there is none, but the environment variable {@code DNA_BROWSER} is {@code required}
     */
    static boolean isInstalled() {
        List<Path> missing = List.of(PROGRAM, DRIVER).stream()
                .filter(each -> !Files.isExecutable(each))
                .toList();
        if (missing.isEmpty()) {
            return true;
        }
        String reason = "browser must be installed, but was missing: " + missing;
        if ("required".equals(System.getenv("DNA_BROWSER"))) {
            throw new IllegalStateException(reason);
        }
        System.out.println("skipped the tests of the report's page: " + reason);
        return false;
    }

    /** Opens a page in a window of the given width, and waits until its responses can be searched. */
    void open(Path page, int width, boolean dark) {
        resize(width);
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        driver.get(page.toUri().toString());
        await("document.getElementById('_finder')?.dataset.indexed === 'true'");
    }

    void resize(int width) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    List<String> texts(String script) {
        return ((List<?>) run(script)).stream().map(String::valueOf).toList();
    }

    /** Waits until a JavaScript expression is true. */
    void await(String expression) {
        driver.executeAsyncScript("const told = arguments[0]; const look = () => { if (" + expression
                + ") { told(); } else { setTimeout(look, 10); } }; look();");
    }

    /** Returns the violations that axe-core finds: rule, and elements. */
    List<String> violations() {
        run(resource("axe.min.js") + "; window.axe = axe;");
        Object found = driver.executeAsyncScript(
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
        driver.executeCdpCommand("Performance.enable", Map.of("timeDomain", "threadTicks"));
        List<?> metrics = (List<?>)
                driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
        return metrics.stream()
                .map(metric -> (Map<?, ?>) metric)
                .filter(metric -> "TaskDuration".equals(metric.get("name")))
                .mapToDouble(metric -> 1000 * ((Number) Objects.requireNonNull(metric.get("value"))).doubleValue())
                .sum();
    }

    /** Saves downloads into a directory. */
    void downloadTo(Path directory) {
        driver.executeCdpCommand(
                "Browser.setDownloadBehavior",
                Map.of(
                        "behavior",
                        "allow",
                        "downloadPath",
                        directory.toAbsolutePath().toString()));
    }

    /** Returns all addresses requested since the last call, save for data. */
    List<String> requests() throws IOException {
        List<String> addresses = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = mapper.readTree(entry.getMessage()).path("message");
            String address = message.at("/params/request/url").asText();
            if (message.path("method").asText().equals("Network.requestWillBeSent")
                    && !address.startsWith("data:")
                    && !address.startsWith("chrome")) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** Returns the browser's log: script errors and violations of the content policy. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
