package org.donotanswer.guard.micrometer;

import io.micrometer.observation.Observation;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;

/** What is known of a judgement that is observed. Holds no text. As thread-safe as any observation's context. */
public final class GuardObservationContext extends Observation.Context {
    private final Verdict.Subject subject;
    private final boolean window;
    private volatile @Nullable Verdict verdict;

    /** Makes the context of a judgement that begins. */
    GuardObservationContext(Verdict.Subject subject, boolean window) {
        this.subject = Objects.requireNonNull(subject, "subject");
        this.window = window;
    }

    /** Returns what is judged. */
    public Verdict.Subject subject() {
        return subject;
    }

    /** Returns whether a part of an answer is judged, and not all of it. */
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
