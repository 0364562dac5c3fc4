package org.donotanswer.guard;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Calls listeners. None can prevent a call of another one, or change a verdict. Thread-safe if the listeners are. */
final class GuardListeners {
    private static final Logger LOG = System.getLogger(SafetyGuard.class.getName());

    private final List<GuardListener> listeners;
    private final Set<GuardListener> failed = ConcurrentHashMap.newKeySet();

    GuardListeners(List<GuardListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Reports that a check begins; returns what to call at its end. */
    List<Consumer<Verdict>> start(CheckRequest request) {
        if (listeners.isEmpty()) {
            return List.of();
        }
        List<Consumer<Verdict>> ends = new ArrayList<>(listeners.size());
        for (GuardListener listener : listeners) {
            attempt(listener, () -> {
                Consumer<Verdict> end = listener.started(request.subject(), request.window() != null);
                ends.add(verdict -> attempt(listener, () -> end.accept(verdict)));
            });
        }
        return ends;
    }

    void end(Verdict verdict, CheckRequest request, List<Consumer<Verdict>> ends) {
        for (Consumer<Verdict> end : ends) {
            end.accept(verdict);
        }
        for (GuardListener listener : listeners) {
            attempt(listener, () -> listener.checked(verdict, request.instruction(), request.text()));
        }
    }

    private void attempt(GuardListener listener, Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            // Whatever a listener throws, a blocked text must not look like a failed check.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (failed.add(listener)) {
                LOG.log(
                        Level.WARNING,
                        "listener {0} threw {1}; it will be called again, but this is not logged again",
                        listener.getClass().getName(),
                        e.getClass().getName());
            }
        }
    }
}
