package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.ScoredBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclaredHeadsTest {
    private static final String EIGHT_OUTPUTS =
            "\"id2label\":{\"0\":\"harmless\",\"1\":\"harmful\",\"2\":\"c\",\"3\":\"d\","
                    + "\"4\":\"e\",\"5\":\"f\",\"6\":\"g\",\"7\":\"h\"}";

    @TempDir
    private Path directory;

    private Path write(String heads) throws IOException {
        return Files.writeString(
                directory.resolve("config.json"), "{" + EIGHT_OUTPUTS + ",\"heads\":" + heads.replace('\'', '"') + "}");
    }

    private List<CheckpointHead> read(String heads) throws IOException {
        write(heads);
        CheckpointConfig config = CheckpointConfig.read(directory);
        return DeclaredHeads.read(config, config.labels());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "3;heads must be a list of at least one head, but was 3",
                "{'kind':'harmful'};heads must be a list of at least one head, but was {\"kind\":\"harmful\"}",
                "[];heads must be a list of at least one head, but was []",
                "[7];heads[0] must be an object, but was 7",
                "[{'outputs':[0,1]}];heads[0].kind must be harmful, instruction_risk, refusal, action or harm_type, but was"
                        + " missing",
                "[{'kind':'toxic','outputs':[0,1]}];heads[0].kind must be harmful, instruction_risk, refusal, action or"
                        + " harm_type, but was toxic",
                "[{'kind':'HARMFUL','outputs':[0,1]}];heads[0].kind must be harmful, instruction_risk, refusal, action or"
                        + " harm_type, but was HARMFUL",
                "[{'kind':'harmful','outputs':[0,1]},{'kind':'harmful','outputs':[2,3]}];heads[1].kind must not be that of"
                        + " another head, but was harmful",
                "[{'kind':'harmful'}];heads[0].outputs must be a list of outputs, but was missing",
                "[{'kind':'harmful','outputs':1}];heads[0].outputs must be a list of outputs, but was 1",
                "[{'kind':'harmful','outputs':[1]}];number of heads[0].outputs must be 2 for harmful, but was 1",
                "[{'kind':'action','outputs':[0,1]}];number of heads[0].outputs must be 6 for action, but was 2",
                "[{'kind':'harm_type','outputs':[]}];number of heads[0].outputs must be 12 for harm_type, but was 0",
                "[{'kind':'harmful','outputs':[0,8]}];heads[0].outputs must be integers from 0 to 7, but was 8",
                "[{'kind':'harmful','outputs':[-1,0]}];heads[0].outputs must be integers from 0 to 7, but was -1",
                "[{'kind':'harmful','outputs':[0,1.5]}];heads[0].outputs must be integers from 0 to 7, but was 1.5",
                "[{'kind':'harmful','outputs':[0,'1']}];heads[0].outputs must be integers from 0 to 7, but was \"1\"",
                "[{'kind':'harmful','outputs':[0,4294967296]}];heads[0].outputs must be integers from 0 to 7, but was"
                        + " 4294967296",
                "[{'kind':'harmful','outputs':[1,1]}];heads[0].outputs must each be in one head, and once, but was 1 again",
                "[{'kind':'harmful','outputs':[0,1]},{'kind':'refusal','outputs':[1,2]}];heads[1].outputs must each be in"
                        + " one head, and once, but was 1 again",
                "[{'kind':'harmful','outputs':[0,1],'temperature':0}];heads[0].temperature must be a number in [0.01, 100],"
                        + " but was 0",
                "[{'kind':'harmful','outputs':[0,1],'temperature':100.5}];heads[0].temperature must be a number in [0.01,"
                        + " 100], but was 100.5",
                "[{'kind':'harmful','outputs':[0,1],'temperature':NaN}];heads[0].temperature must be a number in [0.01,"
                        + " 100], but was \"NaN\"",
                "[{'kind':'harmful','outputs':[0,1],'temperature':'1'}];heads[0].temperature must be a number in [0.01,"
                        + " 100], but was \"1\"",
                "[{'kind':'harmful','outputs':[0,1],'threshold':0}];heads[0].threshold must be a number in (0, 1), but was 0",
                "[{'kind':'harmful','outputs':[0,1],'threshold':1.0}];heads[0].threshold must be a number in (0, 1), but was"
                        + " 1.0",
                "[{'kind':'harmful','outputs':[0,1],'threshold':true}];heads[0].threshold must be a number in (0, 1), but"
                        + " was true",
                "[{'kind':'action','outputs':[0,1,2,3,4,5],'threshold':0.4}];heads[0].threshold must be absent for action,"
                        + " but was 0.4",
            })
    void load_badHeads_isRefusedNamingTheEntryAndTheFile(String heads, String message) throws IOException {
        Path file = write(heads);
        assertThatThrownBy(() -> TransformerEvaluator.load(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(message + " (" + file + ")");
    }

    @Test
    void read_noHeads_isEmpty() throws IOException {
        assertThat(read("null")).isEmpty();
    }

    @Test
    void read_defaultsAndLimits_areKept() throws IOException {
        assertThat(read("[{'kind':'refusal','outputs':[7,2],'temperature':0.01,'threshold':1e-9},"
                        + "{'kind':'harmful','outputs':[0,1],'temperature':null,'threshold':null},"
                        + "{'kind':'instruction_risk','outputs':[3,4],'temperature':100}]"))
                .extracting(CheckpointHead::kind, CheckpointHead::outputs)
                .containsExactly(
                        tuple(HeadKind.REFUSAL, new HeadOutputs(List.of(7, 2), 8, 0.01, 1e-9)),
                        tuple(HeadKind.HARMFUL, new HeadOutputs(List.of(0, 1), 8, 1, 0.5)),
                        tuple(HeadKind.INSTRUCTION_RISK, new HeadOutputs(List.of(3, 4), 8, 100, 0.5)));
    }

    @Test
    void score_thresholdAndTemperature_divideThenShift() throws Exception {
        CheckpointHead head = read("[{'kind':'harmful','outputs':[5,2],'temperature':2,'threshold':0.25}]")
                .get(0);
        float[] logits = {9, 9, 3, 9, 9, 1, 9, 9};
        ScoredBuilder scored = Scored.builder("test 1");
        head.score(scored, List.of(new WindowLogits(logits, 3)));
        // Log odds (3 - 1) / 2 = 1; the threshold of 1:3 triples the odds.
        assertThat(scored.build().harmful().getAsDouble()).isCloseTo(3 * Math.E / (3 * Math.E + 1), within(1e-7));
    }

    @Test
    void score_largestLogitsAtTheLowestTemperature_isAProbability() throws Exception {
        CheckpointHead head =
                read("[{'kind':'harmful','outputs':[0,1],'temperature':0.01}]").get(0);
        float[] logits = {-Float.MAX_VALUE, Float.MAX_VALUE, 0, 0, 0, 0, 0, 0};
        ScoredBuilder scored = Scored.builder("test 1");
        head.score(scored, List.of(new WindowLogits(logits, 1)));
        assertThat(scored.build().harmful()).hasValue(1);
    }

    @Test
    void score_anotherHeadsLogitIsNotFinite_throws() throws Exception {
        CheckpointHead head = read("[{'kind':'harmful','outputs':[0,1]}]").get(0);
        float[] logits = {0, 0, 0, 0, 0, 0, 0, Float.NaN};
        assertThatExceptionOfType(NonFiniteLogitsException.class)
                .isThrownBy(() -> head.score(Scored.builder("test 1"), List.of(new WindowLogits(logits, 1))))
                .withMessage("logit of output 7 must be finite, but was NaN");
    }
}
