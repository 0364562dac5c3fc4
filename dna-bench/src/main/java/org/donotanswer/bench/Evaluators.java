package org.donotanswer.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Opens evaluators. */
@FunctionalInterface
interface Evaluators {
    /**
     * Returns the evaluator of a model, or the one on the class path.
     *
     * @param checkLanguage whether text that is clearly not in the model's language is left unscored; empty for the
     *     evaluator's own choice
     * @throws IOException if the model cannot be read
     */
    SafetyEvaluator open(Optional<Path> model, Optional<Boolean> checkLanguage) throws IOException;
}
