package org.donotanswer.examples.chatbot;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.donotanswer.harness.browser.HeadlessChromium;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** A browser with the chatbot's page. Not thread-safe. */
final class Browser implements AutoCloseable {
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

    private final HeadlessChromium chromium;

    Browser(int width, int height) throws IOException {
        chromium = new HeadlessChromium("--hide-scrollbars");
        chromium.driver().executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", HISTORY));
        resize(width, height);
    }

    void resize(int width, int height) {
        chromium.resize(width, height);
    }

    void setDark(boolean dark) {
        chromium.setDark(dark);
    }

    void open(URI page) throws IOException {
        // Ignore what the browser requests by itself at the start.
        requests();
        chromium.open(page, "document.body.dataset.ready === 'true'");
    }

    void await(String expression) {
        chromium.await(expression);
    }

    WebElement one(String selector) {
        return chromium.driver().findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return chromium.driver().findElements(By.cssSelector(selector));
    }

    Object run(String script, Object... arguments) {
        return chromium.run(script, arguments);
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
        return chromium.texts("return window.seenAnswers;");
    }

    /** Returns all texts that the page ever had. */
    List<String> seenPages() {
        return chromium.texts("return [...window.seenPages];");
    }

    List<String> requests() throws IOException {
        return chromium.requests();
    }

    List<String> complaints() {
        return chromium.complaints();
    }

    /** Returns a screenshot of the page, as a PNG. */
    byte[] screenshot() {
        return chromium.driver().getScreenshotAs(org.openqa.selenium.OutputType.BYTES);
    }

    @Override
    public void close() {
        chromium.close();
    }
}
