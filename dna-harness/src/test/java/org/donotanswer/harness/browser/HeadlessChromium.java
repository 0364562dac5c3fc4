package org.donotanswer.harness.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium with a new profile, for tests marked {@link NeedsBrowser}. Uses the installed program and driver; nothing is
 * downloaded. Not thread-safe.
 */
public final class HeadlessChromium implements AutoCloseable {
    static final Path PROGRAM = Path.of(System.getProperty("dna.chromium", "/usr/bin/chromium"));
    static final Path DRIVER = Path.of(System.getProperty("dna.chromedriver", "/usr/bin/chromedriver"));

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Warns about an unknown version of the DevTools, which are not needed; a field, since loggers are weakly referenced. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    static {
        SELENIUM.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;
    private final JsonMapper mapper = new JsonMapper();

    /** Starts a browser. */
    public HeadlessChromium(String... arguments) throws IOException {
        // Not a temporary directory of JUnit: Chromium may still write after it was told to end.
        Path profile = Files.createTempDirectory(Files.createDirectories(Path.of("target/browser")), "profile");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(PROGRAM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--lang=en",
                "--user-data-dir=" + profile.toAbsolutePath());
        options.addArguments(arguments);
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

    /** Returns the driver, for what this class does not offer. */
    public ChromeDriver driver() {
        return driver;
    }

    /** Sets the size of the page; a narrow one is that of a phone. */
    public void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** Sets the colour scheme that the user prefers. */
    public void setDark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Opens a page and waits until a JavaScript expression is true. */
    public void open(URI page, String ready) {
        driver.get(page.toString());
        await(ready);
    }

    /** Waits until a JavaScript expression is true. */
    public void await(String expression) {
        driver.executeAsyncScript("const told = arguments[0]; const look = () => { if (" + expression
                + ") { told(); } else { setTimeout(look, 10); } }; look();");
    }

    /** Runs a script and returns its result. */
    public Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Runs a script and returns its result, an array of texts. */
    public List<String> texts(String script) {
        return ((List<?>) run(script)).stream().map(String::valueOf).toList();
    }

    /** Returns all URLs requested since the last call, save for those that need no network: the browser's own resources, and data. */
    public List<String> requests() throws IOException {
        List<String> addresses = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = mapper.readTree(entry.getMessage()).path("message");
            String address = message.at("/params/request/url").asText();
            if (message.path("method").asText().equals("Network.requestWillBeSent")
                    && !address.startsWith("data:")
                    && !address.startsWith("chrome:")
                    && !address.startsWith("chrome-untrusted:")) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** Returns the browser's log: script errors and violations of the content policy. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
