package org.donotanswer.encoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.encoder.SecondStage.ClassMix;
import org.donotanswer.internal.NameSuggestion;
import org.jspecify.annotations.Nullable;

/** The JSON form of a {@link SecondStage}. Stateless, hence thread-safe. */
final class SecondStageJson {
    private static final String EVENTS = "events";
    private static final String CLASSES = "classes";
    private static final String ENCODER_WEIGHT = "encoderWeight";
    private static final String EMBEDDED_WEIGHT = "embeddedWeight";
    private static final String BIAS = "bias";

    private static final List<String> HEADS =
            Arrays.stream(HeadKind.values()).map(HeadKind::configName).toList();

    private SecondStageJson() {}

    static Map<String, Object> of(SecondStage stage) {
        Map<String, Object> events = new LinkedHashMap<>();
        stage.events().forEach((head, weights) -> events.put(head.configName(), weights));
        Map<String, Object> classes = new LinkedHashMap<>();
        stage.classes().forEach((head, mix) -> {
            Map<String, Object> bias = new LinkedHashMap<>();
            for (int i = 0; i < head.outputs(); i++) {
                bias.put(head.labels().get(i), mix.bias().get(i));
            }
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put(ENCODER_WEIGHT, mix.encoderWeight());
            entry.put(EMBEDDED_WEIGHT, mix.embeddedWeight());
            entry.put(BIAS, Collections.unmodifiableMap(bias));
            classes.put(head.configName(), Collections.unmodifiableMap(entry));
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(EVENTS, Collections.unmodifiableMap(events));
        json.put(CLASSES, Collections.unmodifiableMap(classes));
        return Collections.unmodifiableMap(json);
    }

    static SecondStage parse(Map<String, ?> json) {
        requireMembers("second stage", json, List.of(EVENTS, CLASSES));
        Map<HeadKind, Map<String, Double>> events = new EnumMap<>(HeadKind.class);
        object(EVENTS, json.get(EVENTS)).forEach((name, value) -> {
            HeadKind head = head(EVENTS, name);
            Map<String, Double> weights = new LinkedHashMap<>();
            object(name, value)
                    .forEach((feature, weight) ->
                            weights.put(feature, number("weight of " + feature + " of " + name, weight)));
            events.put(head, weights);
        });
        Map<HeadKind, ClassMix> classes = new EnumMap<>(HeadKind.class);
        object(CLASSES, json.get(CLASSES)).forEach((name, value) -> {
            HeadKind head = head(CLASSES, name);
            classes.put(head, mix(head, object(name, value)));
        });
        return new SecondStage(events, classes);
    }

    private static ClassMix mix(HeadKind head, Map<String, ?> json) {
        String name = head.configName();
        requireMembers(name, json, List.of(ENCODER_WEIGHT, EMBEDDED_WEIGHT, BIAS));
        Map<String, ?> bias = object(BIAS + " of " + name, json.get(BIAS));
        requireMembers(BIAS + " of " + name, bias, head.labels());
        List<Double> values = new ArrayList<>();
        head.labels().forEach(label -> values.add(number(BIAS + " of " + label + " of " + name, bias.get(label))));
        return new ClassMix(
                number(ENCODER_WEIGHT + " of " + name, json.get(ENCODER_WEIGHT)),
                number(EMBEDDED_WEIGHT + " of " + name, json.get(EMBEDDED_WEIGHT)),
                values);
    }

    /** Checks that an object has these members and no others. */
    private static void requireMembers(String subject, Map<String, ?> json, Collection<String> members) {
        for (String member : json.keySet()) {
            if (!members.contains(member)) {
                throw new IllegalArgumentException(subject + " must have " + String.join(", ", members)
                        + " and no more, but had '" + member + "'" + NameSuggestion.suggestion(member, members));
            }
        }
        for (String member : members) {
            if (!json.containsKey(member)) {
                throw new IllegalArgumentException(subject + " must have " + member + ", but was without it");
            }
        }
    }

    private static HeadKind head(String list, String name) {
        for (HeadKind kind : HeadKind.values()) {
            if (kind.configName().equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("head of " + list + " must be one of " + String.join(", ", HEADS)
                + ", but was '" + name + "'" + NameSuggestion.suggestion(name, HEADS));
    }

    @SuppressWarnings("unchecked") // JSON's objects have strings for keys
    private static Map<String, ?> object(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, ?>) map;
        }
        throw new IllegalArgumentException(name + " must be an object, but was " + value);
    }

    private static double number(String name, @Nullable Object value) {
        if (value instanceof Number number && Math.abs(number.doubleValue()) <= SecondStage.MAX_WEIGHT) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(name + " must be a number in [-1000, 1000], but was " + value);
    }
}
