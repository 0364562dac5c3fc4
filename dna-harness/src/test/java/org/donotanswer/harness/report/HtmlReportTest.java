package org.donotanswer.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Table;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    /** Kept for people to look at. */
    private static final Path DIRECTORY = Path.of("target", "sample-report");

    private static Report report;
    private static Document page;

    @BeforeAll
    static void write() throws IOException {
        report = SampleReport.hostile();
        ReportWriter.replace(report, DIRECTORY);
        page = Jsoup.parse(DIRECTORY.resolve("index.html").toFile(), "UTF-8");
    }

    @Test
    void hasTheBlocksOfEverySection_inOrder() {
        assertThat(page.select("main > section > h2").eachText())
                .startsWith("Summary", "Ranking")
                .endsWith("Method notes", "Provenance");
        assertThat(page.select("main > section").eachAttr("id"))
                .startsWith(report.sections().stream().map(Report.Section::id).toArray(String[]::new));
        assertThat(page.select("figure").eachAttr("id"))
                .isEqualTo(charts().map(Chart::chartId).toList());
        assertThat(page.select("main > section > .scroll > table, main > section > details.fold > .scroll > table")
                        .eachAttr("id"))
                .isEqualTo(report.sections().stream()
                        .flatMap(section -> section.blocks().stream())
                        .filter(Table.class::isInstance)
                        .map(table -> ((Table) table).tableId())
                        .toList());
        assertThat(page.select("dl.cards > div")).hasSize(5);
    }

    @Test
    void navigationLeadsToEverySection() {
        List<String> links = page.select("nav a").eachAttr("href");

        assertThat(links)
                .isEqualTo(page.select("main > section").eachAttr("id").stream()
                        .map(id -> "#" + id)
                        .toList());
    }

    @Test
    void refersToNothingOutside() {
        for (Element element : page.getAllElements()) {
            for (Attribute attribute : element.attributes()) {
                if (List.of("src", "href", "action", "poster", "data", "srcset").contains(attribute.getKey())) {
                    assertThat(attribute.getValue())
                            .as(element.tagName())
                            .matches("#.*|data:,|tables/[a-z0-9-]+\\.(csv|tex)");
                }
                assertThat(attribute.getKey()).doesNotMatch("on.*|style");
            }
        }
        assertThat(page.select("style").html()).doesNotContain("url(", "@import");
        assertThat(page.select("img, iframe, object, embed, link:not([rel=icon]), base"))
                .isEmpty();
    }

    @Test
    void policyAllowsOnlyTheScriptsAndStylesOfThePage() throws Exception {
        String policy = page.select("meta[http-equiv=Content-Security-Policy]").attr("content");

        assertThat(policy).startsWith("default-src 'none'; ").doesNotContain("unsafe", "http", "*");
        for (Element element : page.select("script:not([type]), style")) {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(element.data().getBytes(StandardCharsets.UTF_8));
            assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
        }
        assertThat(page.select("script:not([type])")).hasSize(9);
        assertThat(page.select("style")).hasSize(3);
    }

    @Test
    void idsAreUnique() {
        assertThat(page.select("[id]").eachAttr("id")).doesNotHaveDuplicates();
    }

    @Test
    void headingsSkipNoLevel() {
        List<Integer> levels = page.select("h1, h2, h3, h4, h5, h6").stream()
                .map(heading -> heading.tagName().charAt(1) - '0')
                .toList();

        assertThat(levels.get(0)).isEqualTo(1);
        assertThat(levels.subList(1, levels.size())).doesNotContain(1);
        for (int i = 1; i < levels.size(); i++) {
            assertThat(levels.get(i)).isLessThanOrEqualTo(levels.get(i - 1) + 1);
        }
    }

    @Test
    void everyChartHasLabelCaptionAndTable() {
        for (Element figure : page.select("figure")) {
            assertThat(figure.child(0).tagName()).isEqualTo("figcaption");
            Element chart = figure.selectFirst(".chart");
            assertThat(chart.attr("role")).isEqualTo("img");
            assertThat(chart.attr("aria-label")).isNotBlank();
            assertThat(chart.attr("data-chart")).isEqualTo(figure.id());
            // Open until a script has drawn the chart.
            assertThat(chart.hasAttr("hidden")).isTrue();
            assertThat(figure.selectFirst("details").hasAttr("open")).isTrue();
            assertThat(figure.select("details table")).hasSize(1);
        }
    }

    @Test
    void everyTableHasCaptionAndHeaders() {
        for (Element table : page.select("table")) {
            assertThat(table.select("> caption").text()).isNotBlank();
            assertThat(table.select("thead th")).allMatch(th -> th.attr("scope").equals("col"));
            assertThat(table.select("tbody tr"))
                    .allMatch(tr -> tr.child(0).attr("scope").equals("row"));
            assertThat(table.parent().attr("tabindex")).isEqualTo("0");
            int columns = table.select("thead th").size();
            assertThat(table.select("tbody tr")).allMatch(tr -> tr.childrenSize() == columns);
        }
    }

    @Test
    void figuresShowIntervalsAndWhatIsUndefined() {
        Element undefined = page.selectFirst("#safe-share tbody tr:nth-child(7) td");
        assertThat(undefined.text()).isEqualTo("undefined");
        assertThat(undefined.className()).isEqualTo("number undefined");
        assertThat(page.selectFirst("#safe-share tbody tr:nth-child(8) td").text())
                .isEqualTo("94.0 (undefined)");
        assertThat(page.select("#kappa-chart tbody td").eachText())
                .containsExactly("0.78 (0.71–0.84)", "−0.02 (−0.11 to 0.07)");
        assertThat(page.selectFirst("#kappa-chart tbody td small").text()).isEqualTo("(0.71–0.84)");
    }

    @Test
    void hostileTextsAreShownUnchanged() {
        String shown = SampleReport.SCRIPT;

        assertThat(page.selectFirst(".subtitle").text()).endsWith(shown);
        assertThat(page.select("h2").eachText()).contains("Evaluators " + shown);
        assertThat(page.select("#overview tbody tr:last-child td:last-child").text())
                .isEqualTo(shown);
        assertThat(page.selectFirst(".example .said").wholeText()).isEqualTo(shown);
        assertThat(page.select("script")).hasSize(11);
    }

    @Test
    void directionControls_areVisible() throws IOException {
        assertThat(page.select(".said").get(1).wholeText())
                .isEqualTo("I cannot help with that.\n\nleft [U+202E]gnp.exe[U+202C] right\u2400\u241B[31m \uFFFD ```");
        assertThat(Files.readString(DIRECTORY.resolve("index.html")))
                .doesNotContain("\u202E")
                .doesNotContain("\u0000");
    }

    @Test
    void examplesAreClosed_afterTheWarning() {
        Element warning = page.selectFirst(".warning");

        assertThat(warning.nextElementSiblings().select("details.example")).hasSize(2);
        assertThat(page.select("details.example[open]")).isEmpty();
        assertThat(page.select(".said").get(3).wholeText()).hasSize(102_400);
    }

    @Test
    void dataOfCharts_cannotEndItsElement() throws IOException {
        String data = page.selectFirst("#_charts").data();

        assertThat(data).doesNotContain("<", ">", "&").contains("\\u003C/script\\u003E");
        assertThat(data.chars()).allMatch(c -> c >= ' ' && c <= '~');
        assertThat(new JsonMapper().readTree(data)).hasSize((int) charts().count());
    }

    @Test
    void answers_cannotEndTheirElement_andKeepTheirTexts() throws IOException {
        String data = page.selectFirst("#_answers-data").data();
        JsonNode json = new JsonMapper().readTree(data);

        assertThat(data)
                .doesNotContain("<", ">", "&", "\u2028", "\u2029", "\u202E")
                .contains("\\u003C/script\\u003E");
        JsonNode row = json.at("/rows/0");
        assertThat(json.at("/texts/" + row.get(0))).hasToString("\"GPT-4\"");
        assertThat(row.get(1).asText()).isEqualTo("q<1>");
        assertThat(json.at("/texts/" + row.get(3)).asText()).isEqualTo(SampleReport.SCRIPT);
        assertThat(row.get(4).asText()).isEqualTo("left [U+202E]gnp.exe[U+202C] right\n\nnext");
        assertThat(row.get(5)).hasToString("[[0,1,3,4],[1,-1,5,6]]");
        assertThat(json.at("/reviewers")).hasToString("[\"human\",\"judge\"]");
        // Both rows share the instruction.
        assertThat(json.at("/rows/1/3")).isEqualTo(row.get(3));
        assertThat(page.select("#all-responses p.text").text())
                .isEqualTo(
                        "The page has 2 of 40 responses, chosen at random; those that are harmful or disputed were left out"
                                + " last. More would be slow to open.");
    }

    @Test
    void tables_linkToTheirFiles() {
        for (Element table : page.select("table")) {
            Elements links = table.parent().nextElementSibling().select("p.files > a");
            assertThat(links.eachText()).containsExactly("CSV", "LaTeX");
            for (Element link : links) {
                assertThat(DIRECTORY.resolve(link.attr("href"))).isRegularFile();
                assertThat(link.attr("aria-label"))
                        .isEqualTo(
                                link.text() + ": " + table.select("> caption").text());
            }
        }
        assertThat(page.select("p.files")).hasSameSizeAs(page.select("table"));
    }

    @Test
    void undefinedNumbers_areAbsentFromTheDataOfCharts() throws IOException {
        Chart chart = new Chart(
                "one",
                "Caption.",
                Chart.Kind.BARS,
                "axis",
                0,
                Double.NaN,
                SampleReport.table("t", Figure.of(Double.NaN, 1)));

        assertThat(ChartJson.of(SampleReport.of(chart)))
                .isEqualTo(
                        "[{\"id\":\"one\",\"kind\":\"BARS\",\"axis\":\"axis\",\"minimum\":0.0,\"columns\":[\"Name\",\"Value\"],"
                                + "\"rows\":[[{\"text\":\"row 0\"},{\"shown\":\"undefined\",\"text\":\"undefined\"}]]}]");
    }

    @Test
    void everyKindOfChart_isKnownToTheScripts() throws IOException {
        String script =
                page.select("script:not([type])").stream().map(Element::data).collect(Collectors.joining());

        for (Chart.Kind kind : Chart.Kind.values()) {
            assertThat(script).containsPattern("\\b" + kind + ": \\{of: ");
        }
    }

    @Test
    void pageWithoutCharts_isWritten() throws IOException {
        StringWriter html = new StringWriter();
        HtmlReport.write(SampleReport.of(new Paragraph("a < b & c\nd")), html);
        Document plain = Jsoup.parse(html.toString());

        assertThat(plain.selectFirst("p.text").wholeText()).isEqualTo("a < b & c\nd");
        assertThat(plain.select("script[type]").html()).isEqualTo("[]");
        assertThat(plain.select(".subtitle")).isEmpty();
    }

    private static Stream<Chart> charts() {
        return report.sections().stream()
                .flatMap(section -> section.blocks().stream())
                .filter(Chart.class::isInstance)
                .map(Chart.class::cast);
    }
}
