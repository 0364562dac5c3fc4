package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class TrainingExampleTest {
    private static void assertOnce(String name, UnaryOperator<TrainingExample.Builder> setter) {
        TrainingExample.Builder builder = setter.apply(TrainingExample.builder("secret"));
        assertThatIllegalStateException()
                .isThrownBy(() -> setter.apply(builder))
                .withMessage(name + " must be set once, but was set twice");
    }

    @Test
    void builder_setTwice_throwsWithoutUserText() {
        assertOnce("response", builder -> builder.response("secret"));
        assertOnce("action", builder -> builder.action(ResponseAction.CANNOT_ASSIST));
        assertOnce("harmful", builder -> builder.harmful(false));
        assertOnce("riskyInstruction", builder -> builder.riskyInstruction(true));
        assertOnce("harmType", builder -> builder.harmType(HarmType.ADULT_CONTENT));
        assertOnce("secondOpinion", builder -> builder.secondOpinion(ResponseAction.CANNOT_ASSIST));
        assertOnce("refusal", builder -> builder.refusal(true));
        assertOnce("group", builder -> builder.group("alpha"));
        assertOnce("source", builder -> builder.source("crowd"));
    }

    @Test
    void builder_null_throws() {
        assertThatNullPointerException()
                .isThrownBy(() -> TrainingExample.builder(null))
                .withMessage("instruction");
        assertThatNullPointerException()
                .isThrownBy(() -> TrainingExample.builder("").response(null))
                .withMessage("response");
        assertThatNullPointerException()
                .isThrownBy(() -> TrainingExample.builder("").action(null))
                .withMessage("action");
        assertThatNullPointerException()
                .isThrownBy(() -> new TrainingExample(
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        null,
                        Optional.empty(),
                        "",
                        "",
                        1))
                .withMessage("secondOpinion");
    }

    @Test
    void build_nothingSet_isEmpty() {
        TrainingExample example = TrainingExample.builder("").build();
        assertThat(example.response()).isEmpty();
        assertThat(example.action()).isEmpty();
        assertThat(example.harmful()).isEmpty();
        assertThat(example.riskyInstruction()).isEmpty();
        assertThat(example.harmType()).isEmpty();
        assertThat(example.secondOpinion()).isEmpty();
        assertThat(example.refusal()).isEmpty();
        assertThat(example.group()).isEmpty();
        assertThat(example.source()).isEmpty();
        assertThat(example.weight()).isEqualTo(1);
    }

    @Test
    void builder_badWeight_throws() {
        for (double weight : new double[] {0, -1, 1_001, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TrainingExample.builder("").weight(weight).build())
                    .withMessage("weight must be above 0 and at most 1000.0, but was " + weight);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> TrainingExample.builder("").weight(2).weight(3))
                .withMessage("weight must be set once, but was 2.0 and then 3.0");
    }

    @Test
    void toString_example_hasNoUserText() {
        assertThat(TrainingExample.builder("secret")
                        .response("private")
                        .harmful(true)
                        .group("alpha")
                        .build())
                .hasToString("TrainingExample[instruction=6 chars, response=7 chars, action=Optional.empty, "
                        + "harmful=Optional[true], riskyInstruction=Optional.empty, harmType=Optional.empty, "
                        + "secondOpinion=Optional.empty, refusal=Optional.empty, group=alpha, source=, weight=1.0]");
        assertThat(TrainingExample.builder("secret").build().toString())
                .contains("response=none")
                .doesNotContain("secret");
    }
}
