package org.donotanswer.guard;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells listeners, none of which can keep another from being told, or change a verdict. Thread-safe if they are. */
final class Listeners {
    private static final Logger LOG = System.getLogger(SafetyGuard.class.getName());

    private final List<GuardListener> listeners;
    private final Set<GuardListener> failed = ConcurrentHashMap.newKeySet();

    Listeners(List<GuardListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    void tell(Verdict verdict, String instruction, String text) {
        for (GuardListener listener : listeners) {
            try {
                listener.judged(verdict, instruction, text);
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
}
