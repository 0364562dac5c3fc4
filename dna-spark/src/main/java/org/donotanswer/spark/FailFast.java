package org.donotanswer.spark;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Option;

/**
 * Ends jobs, on the driver, when an executor cannot have the evaluator. Spark by itself would give the task to others until it
 * fails for the fourth time: where most executors have the evaluator, that is late or never, and the job goes on without those
 * that have none. Thread-safe.
 */
final class FailFast extends SparkListener {
    private static final String THROWN = UnavailableEvaluatorException.class.getName() + ": ";
    private static final Set<SparkContext> WATCHED = Collections.newSetFromMap(new WeakHashMap<>());

    private final SparkContext context;

    private FailFast(SparkContext context) {
        this.context = context;
    }

    /** Watches the jobs of the driver that this process is, if it is one; once for all. */
    static void watch() {
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        if (active.isDefined()) {
            synchronized (WATCHED) {
                if (WATCHED.add(active.get())) {
                    active.get().addSparkListener(new FailFast(active.get()));
                }
            }
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.reason() instanceof ExceptionFailure failure) {
            message(failure.fullStackTrace()).ifPresent(message -> context.cancelStage(end.stageId(), message));
        }
    }

    /** Returns what the exception says, which may be the cause of another. */
    private static Optional<String> message(String stackTrace) {
        return stackTrace
                .lines()
                .filter(line -> line.contains(THROWN))
                .map(line -> line.substring(line.indexOf(THROWN) + THROWN.length()))
                .findFirst();
    }
}
