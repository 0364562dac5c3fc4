package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningRateScheduleTest {
    @ParameterizedTest
    @ValueSource(strings = {"bert-action", "longformer-action", "longformer-harmful"})
    void rate_stepsOfTheReference_areItsRates(String checkpoint) throws IOException {
        JsonNode steps;
        try (InputStream json = LearningRateScheduleTest.class.getResourceAsStream(
                "/checkpoints/" + checkpoint + "/expected_training.json")) {
            steps = new ObjectMapper().readTree(json).get("steps");
        }
        LearningRateSchedule schedule = new LearningRateSchedule(2e-4, 2, steps.size());

        assertThat(steps).hasSize(8);
        for (int step = 0; step < steps.size(); step++) {
            assertThat(schedule.rate(step))
                    .as("step %d", step)
                    .isCloseTo(steps.get(step).get("learning_rate").doubleValue(), within(1e-18));
        }
    }

    @Test
    void rate_noWarmUp_fallsFromTheFirstStep() {
        LearningRateSchedule schedule = new LearningRateSchedule(0.4, 0, 4);

        assertThat(new double[] {schedule.rate(0), schedule.rate(1), schedule.rate(2), schedule.rate(3)})
                .containsExactly(new double[] {0.4, 0.3, 0.2, 0.1}, within(1e-15));
    }

    @Test
    void rate_warmUpInAllSteps_rises() {
        LearningRateSchedule schedule = new LearningRateSchedule(0.4, 4, 4);

        assertThat(new double[] {schedule.rate(0), schedule.rate(1), schedule.rate(2), schedule.rate(3)})
                .containsExactly(new double[] {0, 0.1, 0.2, 0.3}, within(1e-15));
    }
}
