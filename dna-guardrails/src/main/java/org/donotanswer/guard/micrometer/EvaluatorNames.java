package org.donotanswer.guard.micrometer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Limits the number of different names of evaluators. Thread-safe. */
final class EvaluatorNames {
    /** Maximum number of different names. */
    static final int MAX_NAMES = 32;
    /** The name of all further evaluators. */
    static final String OTHER = "other";

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /** Returns the name, or {@value #OTHER} if there are too many. */
    String bounded(String name) {
        if (names.contains(name)) {
            return name;
        }
        synchronized (names) {
            if (names.size() < MAX_NAMES) {
                names.add(name);
            }
            return names.contains(name) ? name : OTHER;
        }
    }
}
