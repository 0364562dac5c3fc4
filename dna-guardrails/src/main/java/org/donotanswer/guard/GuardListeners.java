package org.donotanswer.guard;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Tells listeners, none of which can keep another from being told, or change a verdict. Thread-safe if they are. */
final class GuardListeners {
    private static final Logger LOG = System.getLogger(SafetyGuard.class.getName());

    private final List<GuardListener> listeners;
    private final Set<GuardListener> failed = ConcurrentHashMap.newKeySet();

    GuardListeners(List<GuardListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Tells that a judgement starts; returns whom to tell of its end. */
    List<Consumer<Verdict>> start(CheckRequest question) {
        if (listeners.isEmpty()) {
            return List.of();
        }
        List<Consumer<Verdict>> ends = new ArrayList<>(listeners.size());
        for (GuardListener listener : listeners) {
            attempt(listener, () -> {
                Consumer<Verdict> end = listener.started(question.subject(), question.window() != null);
                ends.add(verdict -> attempt(listener, () -> end.accept(verdict)));
            });
        }
        return ends;
    }

    void tell(Verdict verdict, CheckRequest question, List<Consumer<Verdict>> ends) {
        for (Consumer<Verdict> end : ends) {
            end.accept(verdict);
        }
        for (GuardListener listener : listeners) {
            attempt(listener, () -> listener.checked(verdict, question.instruction(), question.text()));
        }
    }

    private void attempt(GuardListener listener, Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            // Whatever it is, a text that was blocked is not to be taken for one whose judgement failed.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (failed.add(listener)) {
                LOG.log(
                        Level.WARNING,
                        "listener {0} must not throw, but was throwing {1}; it is told all the same from now on",
                        listener.getClass().getName(),
                        e.getClass().getName());
            }
        }
    }
}
