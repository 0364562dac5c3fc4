package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;
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
        assertOnce("group", builder -> builder.group("alpha"));
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
                        ""))
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
        assertThat(example.group()).isEmpty();
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
                        + "secondOpinion=Optional.empty, group=alpha]");
        assertThat(TrainingExample.builder("secret").build().toString())
                .contains("response=none")
                .doesNotContain("secret");
    }
}
