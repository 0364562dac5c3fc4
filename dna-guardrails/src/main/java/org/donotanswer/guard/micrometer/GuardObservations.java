package org.donotanswer.guard.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import java.util.function.Consumer;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Creates one Micrometer observation per check: with Micrometer Tracing, a span whose parent is the observation in
 * whose scope the check was requested. {@link GuardObservation} documents names and keys. Thread-safe; one object
 * serves any number of guards.
 *
 * <p>A text that could not be checked, for whatever reason, gives the observation an error. A block does not: then the
 * guard worked.
 */
public final class GuardObservations implements GuardListener {
    private final ObservationRegistry registry;
    private final @Nullable GuardObservationConvention convention;

    private GuardObservations(ObservationRegistry registry, @Nullable GuardObservationConvention convention) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.convention = convention;
    }

    /** Returns observations with the registry's convention for them, or the default one if it has none. */
    public static GuardObservations of(ObservationRegistry registry) {
        return new GuardObservations(registry, null);
    }

    /** Returns observations with a convention of your own. */
    public static GuardObservations of(ObservationRegistry registry, GuardObservationConvention convention) {
        return new GuardObservations(registry, Objects.requireNonNull(convention, "convention"));
    }

    @Override
    public Consumer<Verdict> started(Verdict.Subject subject, boolean window) {
        GuardObservationContext context = new GuardObservationContext(subject, window);
        Observation observation = GuardObservation.JUDGEMENT.start(
                convention, DefaultGuardObservationConvention.INSTANCE, () -> context, registry);
        return verdict -> end(observation, context, verdict);
    }

    private static void end(Observation observation, GuardObservationContext context, Verdict verdict) {
        context.setVerdict(verdict);
        if (!verdict.isChecked()) {
            observation.error(new NotJudgedException(verdict));
        }
        observation.event(GuardObservation.Events.EVALUATION_RESULT);
        observation.stop();
    }

    /** Does nothing: the observation starts and ends with the check. */
    @Override
    public void checked(Verdict verdict, String instruction, String text) {}

    /** Reports to a registry's handlers that a text could not be checked. */
    static final class NotJudgedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotJudgedException(Verdict verdict) {
            super(
                    verdict.subject().name().toLowerCase(java.util.Locale.ROOT)
                            + " must be checked, but was not, for the reason " + verdict.reason(),
                    null,
                    false,
                    false);
        }
    }
}
