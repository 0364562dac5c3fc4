package org.donotanswer.classifier.chat;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the adapters of the chat models of frameworks share. Stateless, hence thread-safe. */
final class FrameworkModels {
    private FrameworkModels() {}

    /**
     * Returns the name that a model reports.
     *
     * @throws IllegalArgumentException if it reports none
     */
    static String reportedName(Object model, @Nullable String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("chat model must report its name, but did not ("
                    + model.getClass().getSimpleName() + "): name it with of(model, name)");
        }
        return name;
    }

    /**
     * Returns the name that a caller gives to a model.
     *
     * @throws IllegalArgumentException if it is blank
     */
    static String givenName(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("name must not be blank, but was '" + name + "'");
        }
        return name;
    }

    /** Returns settings as texts, without those that are not set. */
    static SortedMap<String, String> settings(Map<String, ? extends @Nullable Object> values) {
        SortedMap<String, String> settings = new TreeMap<>();
        values.forEach((setting, value) -> {
            if (value != null) {
                settings.put(setting, value.toString());
            }
        });
        return Collections.unmodifiableSortedMap(settings);
    }
}
