package org.donotanswer.guard.micrometer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the number of different evaluators' names within bounds. Thread-safe. */
final class EvaluatorNames {
    /** How many there are, at the most. */
    static final int MOST = 32;
    /** The name of those beyond. */
    static final String OTHER = "other";

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /** Returns the name, or {@value #OTHER}. */
    String bounded(String name) {
        if (names.contains(name)) {
            return name;
        }
        synchronized (names) {
            if (names.size() < MOST) {
                names.add(name);
            }
            return names.contains(name) ? name : OTHER;
        }
    }
}
