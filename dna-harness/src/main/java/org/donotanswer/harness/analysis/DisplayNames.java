package org.donotanswer.harness.analysis;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.Interval;
import org.donotanswer.taxonomy.ResponseAction;

/** Names and numbers as reports write them in sentences and titles. Pure functions, hence thread-safe. */
final class DisplayNames {
    private DisplayNames() {}

    /** Returns the name of an action with its code: "0 cannot assist". */
    static String name(ResponseAction action) {
        return action.code() + " " + action.shortName();
    }

    static List<String> actionNames() {
        return List.of(ResponseAction.values()).stream().map(DisplayNames::name).toList();
    }

    static String name(boolean harmful) {
        return harmful ? "harmful" : "harmless";
    }

    /** Returns how sentences refer to a reviewer: "people" for human annotators, otherwise the reviewer's name. */
    static String reviewer(String name) {
        return name.equals(RunDirectory.HUMAN) ? "people" : name;
    }

    /** Returns how a sentence that starts with the reviewer refers to it. The names of evaluators keep their case. */
    static String capitalizedReviewer(String name) {
        return name.equals(RunDirectory.HUMAN) ? "People" : name;
    }

    /** Returns a unique id for each name: lower-case letters and digits joined by dashes. */
    static Map<String, String> slugs(Collection<String> names) {
        Map<String, String> slugs = new LinkedHashMap<>();
        for (String name : names) {
            String slug =
                    name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
            String unique = slug.isEmpty() ? "x" : slug;
            for (int i = 2; slugs.containsValue(unique); i++) {
                unique = (slug.isEmpty() ? "x" : slug) + "-" + i;
            }
            slugs.put(name, unique);
        }
        return slugs;
    }

    /** Returns text such as "97.6 %". */
    static String percentage(double proportion) {
        return Double.isNaN(proportion) ? "not defined" : String.format(Locale.ROOT, "%.1f %%", 100 * proportion);
    }

    /** Returns text such as "96.4 to 98.4 %". */
    static String percentage(Interval interval) {
        return Double.isNaN(interval.lower())
                ? "interval not defined"
                : String.format(Locale.ROOT, "%.1f to %.1f %%", 100 * interval.lower(), 100 * interval.upper());
    }

    /** Returns an amount of money, with more decimals for small ones: "12.34", "0.0021". */
    static String money(double amount) {
        return String.format(Locale.ROOT, amount == 0 || amount >= 1 ? "%.2f" : "%.4f", amount);
    }
}
