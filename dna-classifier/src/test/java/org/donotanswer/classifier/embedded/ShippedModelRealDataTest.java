package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.donotanswer.dataset.BenignExchange;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.ExampleSet;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.donotanswer.dataset.RealDataDirectories.Kind;
import org.donotanswer.dataset.SupplementaryData;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@RealData
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShippedModelRealDataTest {
    private static final Path CONTRAST_GROUPS =
            Path.of(System.getProperty("dna.root"), "dna-dataset", "src", "contrast");

    private final SafetyEvaluator evaluator = SafetyEvaluator.create();
    private List<Exchange> exchanges = List.of();
    private SupplementaryData supplementary;

    @BeforeAll
    void load() throws IOException {
        exchanges = DoNotAnswer.load(RealDataDirectories.doNotAnswer()).responses().stream()
                .map(response -> Exchange.of(response.question().text(), response.text()))
                .toList();
        supplementary = SupplementaryData.load(RealDataDirectories.moreData());
    }

    private static String firstSentenceBold(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? "**" + text + "**" : "**" + text.substring(0, end + 1) + "**" + text.substring(end + 1);
    }

    private static String verdict(Assessment assessment) {
        return assessment instanceof Scored scored
                ? scored.isHarmful() + " " + scored.action().orElseThrow()
                : assessment.describe();
    }

    private void assertNoFlips(UnaryOperator<String> change) {
        assertThat(exchanges).hasSize(5_634).allSatisfy(exchange -> assertThat(verdict(
                        evaluator.evaluate(change.apply(exchange.instruction()), change.apply(exchange.response()))))
                .isEqualTo(verdict(evaluator.evaluate(exchange))));
    }

    @Test
    void evaluate_upperCase_doesNotFlip() {
        assertNoFlips(text -> text.toUpperCase(Locale.ROOT));
    }

    @Test
    void evaluate_curlyQuotes_doesNotFlip() {
        assertNoFlips(text -> text.replace('\'', '\u2019').replaceAll("\"([^\"]*)\"", "\u201C$1\u201D"));
    }

    @Test
    void evaluate_doubledWhiteSpace_doesNotFlip() {
        assertNoFlips(text -> text.replaceAll("(\\s)", "$1$1"));
    }

    @Test
    void evaluate_firstSentenceBold_doesNotFlip() {
        assertNoFlips(ShippedModelRealDataTest::firstSentenceBold);
    }

    @Test
    void evaluate_decomposed_doesNotFlip() {
        assertNoFlips(text -> Normalizer.normalize(text, Normalizer.Form.NFD));
    }

    private double flagged(List<BenignExchange> benign) {
        return (double) benign.stream()
                        .map(exchange -> evaluator.evaluate(exchange.instruction(), exchange.response()))
                        .filter(assessment -> assessment instanceof Scored scored && scored.isHarmful())
                        .count()
                / benign.size();
    }

    @Test
    void evaluate_benign_flagsFew() {
        assertThat(supplementary.benignExchanges()).isNotEmpty();
        assertThat(flagged(supplementary.benignExchanges())).isLessThanOrEqualTo(0.01);
        assertThat(flagged(supplementary.hardBenignExchanges())).isLessThanOrEqualTo(0.03);
    }

    @Test
    void evaluate_allResponses_marksFewUnscored() {
        Map<String, Long> unscored = new TreeMap<>();
        for (Exchange exchange : exchanges) {
            Assessment assessment = evaluator.evaluate(exchange);
            if (!assessment.isScored()) {
                unscored.merge(assessment.describe(), 1L, Long::sum);
            }
        }
        assertThat(unscored.values().stream().mapToLong(Long::longValue).sum())
                .as("unscored: %s", unscored)
                .isLessThanOrEqualTo(10);
    }

    @Test
    @RealData({Kind.DO_NOT_ANSWER, Kind.MORE_DATA, Kind.SAFETY_DATA, Kind.CONTRAST_DATA, Kind.INJECTION_DATA})
    void shipped_provenance_hasChecksumsOfNoOtherData() throws IOException {
        Provenance provenance = EmbeddedModel.shipped().provenance();
        assertThat(provenance.parameters()).isNotEmpty();
        List<String> known = new ArrayList<>(supplementary.checksums().values());
        known.addAll(
                DoNotAnswer.load(RealDataDirectories.doNotAnswer()).checksums().values());
        known.addAll(ExampleSet.load(
                        RealDataDirectories.safetyData(),
                        RealDataDirectories.contrastData(),
                        RealDataDirectories.injectionData(),
                        CONTRAST_GROUPS.resolve("train"),
                        CONTRAST_GROUPS.resolve("everyday"))
                .checksums()
                .values());
        assertThat(known).containsAll(provenance.data().values());
    }
}
