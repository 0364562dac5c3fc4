package org.donotanswer.examples.chatbot;

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
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium with the chatbot's page. Uses the installed program and driver; nothing is downloaded. */
final class Browser implements AutoCloseable {
    static final Path PROGRAM = Path.of(System.getProperty("dna.chromium", "/usr/bin/chromium"));
    static final Path DRIVER = Path.of(System.getProperty("dna.chromedriver", "/usr/bin/chromedriver"));

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Records every text that the last message and the page ever had. */
    private static final String HISTORY =
            """
            window.seenAnswers = [];
            window.seenPages = new Set();
            new MutationObserver(() => {
              const answers = document.querySelectorAll('.message:not(.mine) .text');
              if (answers.length > 0) {
                window.seenAnswers.push(answers[answers.length - 1].textContent);
              }
              window.seenPages.add(document.documentElement.textContent);
            }).observe(document, { childList: true, characterData: true, subtree: true });
            """;

    /** Warns about an unknown version of the DevTools, which are not needed; a field, since loggers are weakly referenced. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    static {
        SELENIUM.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;
    private final JsonMapper mapper = new JsonMapper();

    /** Starts a browser with a new profile. */
    Browser(int width, int height) throws IOException {
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
                "--hide-scrollbars",
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
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", HISTORY));
        resize(width, height);
    }

    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    void setDark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    void open(URI page) throws IOException {
        // Ignore what the browser requests by itself at the start.
        requests();
        driver.get(page.toString());
        await("document.body.dataset.ready === 'true'");
    }

    /** Waits until a JavaScript expression is true. */
    void await(String expression) {
        driver.executeAsyncScript("const told = arguments[0]; const look = () => { if (" + expression
                + ") { told(); } else { setTimeout(look, 10); } }; look();");
    }

    WebElement one(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Types a message and sends it. */
    void ask(String message) {
        one("#message").sendKeys(message);
        one("#send").click();
    }

    /** Returns the text of the last response in the page. */
    String answer() {
        Object text =
                run("return [...document.querySelectorAll('.message:not(.mine) .text')].at(-1)?.textContent ?? '';");
        return String.valueOf(text);
    }

    void awaitEndOfResponse(int number) {
        await("document.querySelectorAll('.message:not(.mine)').length === " + number
                + " && document.querySelector('.message.open') === null");
    }

    /** Returns a line of the last verdict. */
    String verdict(String selector) {
        return String.valueOf(
                run("return document.querySelector('#turns > li:first-child " + selector + "').textContent;"));
    }

    /** Returns all texts that the last response ever had. */
    List<String> seenAnswers() {
        return strings("return window.seenAnswers;");
    }

    /** Returns all texts that the page ever had. */
    List<String> seenPages() {
        return strings("return [...window.seenPages];");
    }

    private List<String> strings(String script) {
        return ((List<?>) run(script)).stream().map(String::valueOf).toList();
    }

    /** Returns all URLs requested since the last call, save for those that need no network: the browser's own resources, and data. */
    List<String> requests() throws IOException {
        List<String> addresses = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = mapper.readTree(entry.getMessage()).path("message");
            if (message.path("method").asText().equals("Network.requestWillBeSent")) {
                String address = message.at("/params/request/url").asText();
                if (!address.startsWith("chrome:")
                        && !address.startsWith("chrome-untrusted:")
                        && !address.startsWith("data:")) {
                    addresses.add(address);
                }
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

    /** Returns a screenshot of the page, as a PNG. */
    byte[] screenshot() {
        return driver.getScreenshotAs(org.openqa.selenium.OutputType.BYTES);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
