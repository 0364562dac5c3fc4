package org.donotanswer.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.donotanswer.harness.browser.NeedsBrowser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

/** Reads reports in a real browser, from files in directories with a space in their names; one has 10,000 responses. */
@NeedsBrowser
@Timeout(600)
class ReportBrowserTest {
    private static final int RESPONSES = 10_000;
    private static final int FEW_RESPONSES = 300;
    private static final int MAX_MILLIS = 100;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private static final String FIND =
            """
            const [text] = arguments;
            const box = document.getElementById('_find');
            box.value = text;
            box.dispatchEvent(new Event('input', {bubbles: true}));
            document.body.getBoundingClientRect();
            return document.getElementById('_find-count').textContent;
            """;
    private static final String CHOOSE =
            """
            const [name, label] = arguments;
            const select = document.getElementById('_find-' + name);
            select.value = [...select.options].find((option) => option.text === label).value;
            select.dispatchEvent(new Event('change', {bubbles: true}));
            return document.getElementById('_find-count').textContent;
            """;
    private static final String RESET = "document.querySelector('#_finder [type=reset]').click();";
    /** Returns the number of texts in the cells of all heat maps, and those with a contrast below 4.5. */
    private static final String CELLS =
            """
            const luminance = (colour) => {
              const [r, g, b] = colour.match(/[\\d.]+/g).map((value) => {
                const level = value / 255;
                return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            let cells = 0;
            const faint = [];
            document.querySelectorAll('[data-chart*="harmful-share-by-type"] svg, [data-chart*="confusion"] svg').forEach((svg) => {
              const grounds = [];
              svg.querySelectorAll('path, text').forEach((shape) => {
                const style = getComputedStyle(shape);
                const box = shape.getBoundingClientRect();
                if (shape.tagName === 'path') {
                  if (/^rgb\\(/.test(style.fill)) {
                    grounds.push([box, style.fill]);
                  }
                  return;
                }
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const under = grounds.filter(([on]) => on.left <= x && x <= on.right && on.top <= y && y <= on.bottom).at(-1);
                if (under && /\\d/.test(shape.textContent) && box.width > 0) {
                  cells++;
                  const [low, high] = [luminance(under[1]), luminance(style.fill)].sort((a, b) => a - b);
                  const contrast = (high + 0.05) / (low + 0.05);
                  if (contrast < 4.5 || box.width > under[0].width + 1) {
                    faint.push(`${shape.textContent} on ${under[1]}: ${contrast}`);
                  }
                }
              });
            });
            return {cells, faint};
            """;

    private static Path page;
    private static Path bigPage;
    private static PageBrowser browser;

    @TempDir
    private Path downloads;

    @BeforeAll
    static void start() throws IOException {
        page = SyntheticAnswers.write(FEW_RESPONSES, Path.of("target", "browser report"));
        bigPage = SyntheticAnswers.write(RESPONSES, Path.of("target", "big browser report"));
        browser = new PageBrowser();
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    private static String find(String text) {
        return String.valueOf(browser.run(FIND, text));
    }

    private static String choose(String select, String label) {
        return String.valueOf(browser.run(CHOOSE, select, label));
    }

    private static String found(long count) {
        return String.format(Locale.ROOT, "%,d of 10,000 responses", count);
    }

    @ParameterizedTest
    @CsvSource({"390, false", "390, true", "1280, false", "1280, true"})
    void page_isAccessible_andFits(int width, boolean dark) throws IOException {
        browser.requests();
        browser.complaints();
        browser.open(page, width, dark);

        assertThat(browser.run("const root = document.documentElement; return root.scrollWidth - root.clientWidth;"))
                .isEqualTo(0L);
        // The first of each kind, as axe-core takes long for many cells.
        browser.run(
                "['.example', '.figures', '.fold', '.long', '#_contents'].map((kind) => document.querySelector(kind))"
                        + ".filter((each) => each).forEach((each) => { each.open = true; });"
                        + "document.querySelector('.answer summary').click();");
        browser.await("document.querySelector('.answer[open] .side')");
        assertThat(browser.violations()).isEmpty();
        Map<?, ?> cells = (Map<?, ?>) browser.run(CELLS);
        assertThat((Long) cells.get("cells")).isGreaterThan(6 * 12);
        assertThat((List<?>) cells.get("faint")).isEmpty();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).containsOnly(page.toUri().toString());
        assertThat(browser.run("return document.title;")).isEqualTo("Safety of made-up LLMs");
    }

    @Test
    void search_takesLessThanATenthOfASecond_forEachKey() {
        browser.open(bigPage, 1280, false);
        List<String> slow = new ArrayList<>();
        double slowest = 0;
        for (String query : List.of("zebra", "kolami", "instruction 99", "ba be", "1234", "qq")) {
            for (int length = 1; length <= query.length(); length++) {
                double before = browser.processorMillis();
                find(query.substring(0, length));
                double millis = browser.processorMillis() - before;
                slowest = Math.max(slowest, millis);
                if (millis >= MAX_MILLIS) {
                    slow.add(query.substring(0, length) + ": " + millis);
                }
            }
        }
        System.out.printf(Locale.ROOT, "slowest key of a search: %.1f ms of processor time%n", slowest);
        assertThat(slow).isEmpty();
    }

    @Test
    void search_findsWordsOfBothTexts_andIds() {
        browser.open(bigPage, 1280, false);

        assertThat(find("ZEBRA script")).isEqualTo(found(1));
        assertThat(browser.run("return document.querySelector('.answer .where').textContent;"))
                .isEqualTo("alpha-1 \u00b7 0 \u00b7 Sensitive organization information");
        assertThat(find("instruction 1666")).isEqualTo(found(RESPONSES - 1666 * 6));
        assertThat(find("")).isEqualTo(found(RESPONSES));
        assertThat(find("no such word")).isEqualTo(found(0));
        assertThat(find("instruction")).isEqualTo(found(RESPONSES));
    }

    @Test
    void filters_agreeWithTheReviews() {
        browser.open(bigPage, 1280, false);
        List<ReviewedExchange> all = SyntheticAnswers.exchanges(RESPONSES);

        assertThat(choose("llm", "charlie"))
                .isEqualTo(found(count(all, each -> each.llm().name().equals("charlie"))));
        assertThat(choose("type", "Adult content"))
                .isEqualTo(found(count(
                        all,
                        each -> each.llm().name().equals("charlie")
                                && each.harmType().orElseThrow().shortName().equals("Adult content"))));
        browser.run(RESET);
        browser.await("document.getElementById('_find-count').textContent.startsWith('10,000')");
        assertThat(choose("dispute", "The two disagree on harm")).isEqualTo(found(count(all, each -> disagree(each))));
        assertThat(choose("second", "None")).isEqualTo(found(0));
        browser.run(RESET);
        browser.await("document.getElementById('_find-count').textContent.startsWith('10,000')");
        assertThat(choose("action", "5 follow instruction"))
                .isEqualTo(found(count(all, each -> Stream.of("human", "judge")
                        .anyMatch(name -> codes(each, name).action() == 5))));
        assertThat(choose("harm", "Harmless")).isNotEqualTo(found(0));
        browser.run(RESET);
    }

    private static long count(List<ReviewedExchange> all, Predicate<ReviewedExchange> filter) {
        return all.stream().filter(filter).count();
    }

    private static LabelCodes codes(ReviewedExchange exchange, String reviewer) {
        return exchange.reviews().containsKey(reviewer)
                ? LabelCodes.of(exchange.reviews().get(reviewer), 0.5, UnscoredHandling.LEFT_OUT)
                : new LabelCodes(LabelCodes.NONE, LabelCodes.NONE, Double.NaN);
    }

    private static boolean disagree(ReviewedExchange exchange) {
        LabelCodes human = codes(exchange, "human");
        LabelCodes judge = codes(exchange, "judge");
        return human.hasHarm() && judge.hasHarm() && human.harmful() != judge.harmful();
    }

    @Test
    void answers_openOneByOne_withTwoReviewersSideBySide() {
        browser.open(page, 1280, false);
        choose("dispute", "The two disagree on harm");
        browser.run("document.querySelectorAll('.answer summary')[0].click();");
        browser.await("document.querySelectorAll('.answer[open] .side').length === 2");

        assertThat(browser.texts("return [...document.querySelectorAll('.side h4')].map((each) => each.textContent);"))
                .containsExactly("human", "judge");
        assertThat(browser.run("const [one, other] = [...document.querySelectorAll('.side')].map((each) =>"
                        + " each.getBoundingClientRect()); return one.top === other.top && one.right <= other.left;"))
                .isEqualTo(true);
        assertThat(browser.texts(
                        "return [...document.querySelectorAll('.disputed dd')].map((each) => each.textContent);"))
                .containsExactlyInAnyOrder("Harmful (they disagree)", "Harmless (they disagree)");

        browser.run("document.querySelectorAll('.answer summary')[1].click();");
        browser.await("document.querySelectorAll('.answer')[1].open");
        assertThat(browser.run("return document.querySelectorAll('.answer[open]').length;"))
                .isEqualTo(1L);
        browser.run(RESET);
        browser.await("document.getElementById('_find-count').textContent.startsWith('" + FEW_RESPONSES + "')");
        browser.run("document.getElementById('_next').click();");
        assertThat(String.valueOf(browser.run("return document.getElementById('_page').textContent;")))
                .startsWith("Page 2 of ");
    }

    @ParameterizedTest
    @CsvSource({"false, '#ffffff'", "true, '#1a1e22'"})
    void charts_areSaved_inTheColoursOfThePage(boolean dark, String ground) throws Exception {
        browser.open(page, 1280, dark);
        browser.downloadTo(downloads);
        browser.run("document.querySelectorAll('#ranking-chart .save button').forEach((each) => each.click());");
        Path svg = downloads.resolve("ranking-chart.svg");
        Path png = downloads.resolve("ranking-chart.png");
        // The browser writes to another name first.
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!(Files.exists(svg) && Files.exists(png)) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }

        Document picture =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
        assertThat(picture.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(picture.getDocumentElement().getTextContent())
                .contains("Safe responses by judge, with Wilson intervals", "not at 0", "alpha-1");
        String rgb = String.format(
                Locale.ROOT,
                "rgb(%d,%d,%d)",
                Integer.parseInt(ground.substring(1, 3), 16),
                Integer.parseInt(ground.substring(3, 5), 16),
                Integer.parseInt(ground.substring(5, 7), 16));
        assertThat(Files.readString(svg, StandardCharsets.UTF_8))
                .contains("<rect width=\"100%\" height=\"100%\" fill=\"" + rgb);
        assertThat(Files.readAllBytes(png)).startsWith(PNG).hasSizeGreaterThan(5_000);
    }

    @Test
    void axes_startAtZero_orSaySo() {
        browser.open(page, 1280, false);

        assertThat(
                        browser.texts(
                                "return [...document.querySelectorAll('#ranking-chart .axis')].map((each) => each.textContent);"))
                .singleElement()
                .asString()
                .matches("safe responses, %; the axis starts at \\d+, not at 0");
        assertThat(browser.run("return document.querySelector('#words-chart .axis').textContent;"))
                .isEqualTo("words");
        assertThat(
                        browser.texts(
                                "return [...document.querySelectorAll('#words-chart svg text')].map((each) => each.textContent);"))
                .contains("0");
    }

    @Test
    void wideTables_areFoldedOnAPhone_only() {
        browser.open(page, 390, false);
        assertThat(browser.run("return [...document.querySelectorAll('details.fold')].map((each) => each.open);"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isNotEmpty()
                .containsOnly(false);
        browser.resize(1280);
        browser.await("[...document.querySelectorAll('details.fold')].every((each) => each.open)");
    }

    @Test
    void links_leadToTheFilesOfTables() {
        browser.open(page, 1280, false);

        List<String> links =
                browser.texts("return [...document.querySelectorAll('.files a')].map((each) => each.href);");
        assertThat(links).hasSizeGreaterThan(20).allSatisfy(link -> assertThat(Path.of(URI.create(link)))
                .isRegularFile());
    }
}
