package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.junit.jupiter.api.Test;

class HyperparametersTest {
    @Test
    void parameters_constants_areThoseOfShippedModel() throws IOException {
        assertThat(EmbeddedModel.shipped().provenance().parameters()).isEqualTo(Hyperparameters.parameters());
    }
}
