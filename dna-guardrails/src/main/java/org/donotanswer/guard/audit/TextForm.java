package org.donotanswer.guard.audit;

import java.util.LinkedHashMap;
import java.util.Map;

/** The form in which texts are written. Thread-safe. */
interface TextForm {
    /** In plain. */
    TextForm PLAIN = text -> {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", text);
        json.put("chars", text.length());
        return json;
    };

    /** Returns the JSON form of a text. */
    Map<String, Object> of(String text);

    /** Returns how many chars of a text stay in memory until it is written. */
    default int heldChars(String text) {
        return text.length();
    }
}
