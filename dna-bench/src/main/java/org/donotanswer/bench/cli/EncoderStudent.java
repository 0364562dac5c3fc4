package org.donotanswer.bench.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * A student that is a transformer classifier in a directory. Not thread-safe.
 *
 * @param training how it is trained
 */
record EncoderStudent(ClassifierTraining training) implements Student {
    @Override
    public SafetyEvaluator learn(List<TrainingExample> examples, Map<String, String> data)
            throws IOException, InterruptedException {
        training.run(examples, data);
        return training.engine().open(training.output());
    }

    @Override
    public void close() {}
}
