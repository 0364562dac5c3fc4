package org.donotanswer.guard.micrometer;

import io.micrometer.observation.Observation;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;

/** The context of an observed check. Holds no text. As thread-safe as the context of any observation. */
public final class GuardObservationContext extends Observation.Context {
    private final Verdict.Subject subject;
    private final boolean window;
    private volatile @Nullable Verdict verdict;

    /** Creates the context of a check that begins. */
    GuardObservationContext(Verdict.Subject subject, boolean window) {
        this.subject = Objects.requireNonNull(subject, "subject");
        this.window = window;
    }

    /** Returns the subject of the check. */
    public Verdict.Subject subject() {
        return subject;
    }

    /** Returns whether a window of a response is checked, rather than a whole text. */
    public boolean isWindow() {
        return window;
    }

    /** Returns the verdict; empty until there is one. */
    public Optional<Verdict> verdict() {
        return Optional.ofNullable(verdict);
    }

    void setVerdict(Verdict value) {
        verdict = value;
    }
}
