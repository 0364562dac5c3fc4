package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.FigureJson;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.ReportWriter;
import org.junit.jupiter.api.Test;

class FineTuneReportTest {
    private static final FineTuneReport REPORT = new FineTuneReport(
            "2 processors",
            "invented",
            new FineTuneBatch(16, 128),
            7,
            List.of(
                    row(FineTuneModel.MINILM, FineTuneVariant.ALL, Precision.FLOAT32, 1_000),
                    row(FineTuneModel.BASE, FineTuneVariant.ALL, Precision.FLOAT32, 1_250),
                    row(FineTuneModel.BASE, FineTuneVariant.ALL, Precision.BFLOAT16, 500),
                    row(FineTuneModel.BASE, FineTuneVariant.LORA, Precision.FLOAT32, 900)),
            List.of(
                    new FineTuneMemoryRow(FineTuneModel.MINILM, 60, 20, 1_000.4, 1_010.4),
                    new FineTuneMemoryRow(FineTuneModel.BASE, 60, 20, Double.NaN, Double.NaN)));

    private static final Report TABLES =
            REPORT.toReport(Provenance.builder("benchmark-finetune", "1").build());

    /** Returns a row of 90 GFLOP a step, beside a ceiling of 200 GFLOP/s. */
    private static FineTuneRow row(FineTuneModel model, FineTuneVariant variant, Precision precision, double millis) {
        return new FineTuneRow(
                model, variant, precision, 12_345, 2_048, 90e9, 200, 225, millis, millis / 2, millis - 30, 10, 20);
    }

    @Test
    void asText_statesTheAcceptanceFigures() {
        assertThat(ReportWriter.toText(TABLES).replaceAll("\\s+", " "))
                .contains(
                        "minilm, all weights, dropout 0.1, FLOAT32: 45.0 % of the ceiling; required are at least 45 %: met.",
                        "base, all weights, dropout 0.1, FLOAT32: 36.0 % of the ceiling; required are at least 45 %: not"
                                + " met.");
    }

    @Test
    void asMarkdown_hasTables() {
        assertThat(ReportWriter.toMarkdown(TABLES))
                .contains(
                        "| minilm | all weights | 0.1 | FLOAT32 | 12,345 | 90.0 | 1,000.0 | 500.0 | 2,048 | 90 | 200 | 225 |"
                                + " 45.0 | 80.0 |\n",
                        "| base | all weights | 0.1 | BFLOAT16 | 470.0 | 10.0 | 20.0 |\n",
                        "| minilm | 60 | 20 | 1,000 | 1,010 | 10 |\n",
                        "| base | 60 | 20 | n/a | n/a | n/a |\n",
                        "GFLOP of a step: three times those of the forward pass");
    }

    @Test
    void asJson_hasFiguresAndAcceptance() throws JsonProcessingException {
        JsonNode json = new JsonMapper().readTree(FigureJson.create().write(REPORT));

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly("machine", "models", "batch", "rounds", "flops", "acceptance", "steps", "memory");
        assertThat(json.at("/steps/0").fieldNames())
                .toIterable()
                .containsExactly(
                        "model",
                        "trained",
                        "dropout",
                        "precision",
                        "trainedWeights",
                        "tokens",
                        "flops",
                        "ceilingGigaflops",
                        "ceilingBestGigaflops",
                        "millis",
                        "minMillis",
                        "gradientsMillis",
                        "normMillis",
                        "updateMillis",
                        "tokensPerSecond",
                        "gigaflops",
                        "shareOfCeiling",
                        "bestShareOfCeiling");
        assertThat(json.at("/acceptance")).hasSize(2);
        assertThat(json.at("/acceptance/0/met").booleanValue()).isTrue();
        assertThat(json.at("/acceptance/1/met").booleanValue()).isFalse();
        assertThat(json.at("/acceptance/1/shareOfCeiling").doubleValue()).isCloseTo(0.36, within(1e-9));
        assertThat(json.at("/memory/1").fieldNames()).toIterable().containsExactly("model", "steps", "earlySteps");
    }

    @Test
    void batch_outOfRange_isRejected() {
        assertThatThrownBy(() -> new FineTuneBatch(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch must have at least 1 sequence, but was 0");
        assertThatThrownBy(() -> new FineTuneBatch(1, 513))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tokens must be from 1 to 512, but were 513");
    }
}
