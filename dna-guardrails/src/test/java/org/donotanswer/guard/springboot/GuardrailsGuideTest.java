package org.donotanswer.guard.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.docs.KeyName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Stream;
import org.donotanswer.guard.micrometer.DefaultGuardObservationConvention;
import org.donotanswer.guard.micrometer.GuardMetrics;
import org.donotanswer.guard.micrometer.GuardObservation;
import org.junit.jupiter.api.Test;

/** Tests that the guide names everything that an operator sets or watches. */
class GuardrailsGuideTest {
    private static String guide() throws IOException {
        return Files.readString(Path.of("../docs/guardrails.md"));
    }

    @Test
    void guide_namesEveryProperty() throws IOException {
        Collection<String> names = UnknownPropertyHandler.names(GuardProperties.class, "");
        assertThat(names).hasSize(31);
        // A row of the table may name several properties of a group, the later ones without the group.
        assertThat(names).allSatisfy(name -> assertThat(guide())
                .containsAnyOf("`" + name + "`", "`" + name + ".*`", "`" + name.replaceFirst("^\\w+", "") + "`"));
    }

    @Test
    void guide_namesEveryMeter() throws IOException {
        assertThat(guide())
                .contains(Stream.of(
                                GuardMetrics.JUDGEMENTS,
                                GuardMetrics.VERDICTS,
                                GuardMetrics.CATEGORIES,
                                GuardMetrics.UNSCORED,
                                GuardMetrics.TRUNCATED,
                                GuardMetrics.AUDIT_LINES)
                        .map(meter -> "| `" + meter + "` |")
                        .toList());
    }

    @Test
    void guide_namesEveryKeyOfObservations() throws IOException {
        assertThat(guide()).contains("`" + DefaultGuardObservationConvention.NAME + "`");
        for (KeyName[] keys :
                new KeyName[][] {GuardObservation.LowCardinality.values(), GuardObservation.HighCardinality.values()}) {
            assertThat(Arrays.stream(keys).map(key -> "`" + key.asString().replaceFirst("^dna\\.guard\\.", "") + "`"))
                    .allSatisfy(key -> assertThat(guide()).contains(key));
        }
    }
}
