package org.donotanswer.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * The evaluators of this process, which all tasks on an executor share: one for each name or path, opened when a task first
 * asks for it and closed when the process ends, as the next stage or query needs it again. Thread-safe.
 */
final class ExecutorEvaluators {
    private static final Map<String, SafetyEvaluator> OPEN = new HashMap<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ExecutorEvaluators::closeAll));
    }

    private ExecutorEvaluators() {}

    /**
     * Returns an evaluator. Tasks that ask for it while it is opened wait.
     *
     * @throws UnavailableEvaluatorException if this process cannot have it, as its model or its artifact is missing or damaged
     * @throws java.io.UncheckedIOException if the model cannot be read
     */
    static SafetyEvaluator get(String evaluator) {
        String located = EvaluatorSource.locate(evaluator);
        synchronized (OPEN) {
            SafetyEvaluator open = OPEN.get(located);
            if (open == null) {
                open = EvaluatorSource.open(evaluator, located);
                OPEN.put(located, open);
            }
            return open;
        }
    }

    private static void closeAll() {
        List<SafetyEvaluator> evaluators;
        synchronized (OPEN) {
            evaluators = new ArrayList<>(OPEN.values());
            OPEN.clear();
        }
        evaluators.forEach(SafetyEvaluator::close);
    }
}
