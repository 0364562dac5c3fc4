package org.donotanswer.bench.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.Sets;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * What must be the same for an evaluation to go on with the result of an undisturbed one. Immutable, hence thread-safe.
 *
 * @param settings the options, and what the evaluator was made of, by names for messages
 * @param inputs the paths of the inputs in the order in which they are read, as a state counts them
 * @param outputs the paths of the outputs in their order
 */
public record EvaluationFingerprint(Map<String, String> settings, List<String> inputs, List<String> outputs) {
    private static final int MAX_LISTED = 5;

    public EvaluationFingerprint {
        settings = Map.copyOf(settings);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * Returns the fingerprint of an evaluation.
     *
     * @param options the options that decide on the result, by name
     * @param names whether assessments say which file they are of
     */
    public static EvaluationFingerprint of(
            Map<String, String> options, OutputPlan plan, SafetyEvaluator evaluator, boolean names) {
        Map<String, String> settings = new TreeMap<>(options);
        settings.put("evaluator", evaluator(evaluator));
        settings.put("names of files in assessments", String.valueOf(names));
        return new EvaluationFingerprint(
                settings,
                plan.inputs().stream()
                        .map(InputFiles.InputFile::path)
                        .map(Path::toString)
                        .toList(),
                plan.parts().stream()
                        .map(OutputPlan.Part::target)
                        .map(Path::toString)
                        .toList());
    }

    private static String evaluator(SafetyEvaluator evaluator) {
        try {
            String json = new JsonMapper().writeValueAsString(evaluator.provenance());
            return evaluator.name() + ", made of " + Hashing.sha256().hashString(json, StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("provenance must have a JSON form, but had none", e);
        }
    }

    /**
     * Returns what is different in another fingerprint, in one line; empty if nothing is.
     *
     * @param changed the paths of inputs of both that changed
     */
    Optional<String> differences(EvaluationFingerprint other, Set<String> changed) {
        Set<String> names = new TreeSet<>(Sets.union(settings.keySet(), other.settings.keySet()));
        names.removeIf(name -> Objects.equals(settings.get(name), other.settings.get(name)));
        Set<String> files = new TreeSet<>(Sets.symmetricDifference(Set.copyOf(inputs), Set.copyOf(other.inputs)));
        if (files.isEmpty() && !inputs.equals(other.inputs)) {
            names.add("order of inputs");
        } else if (files.isEmpty() && !outputs.equals(other.outputs)) {
            names.add("names of outputs");
        }
        files.addAll(changed);
        List<String> all = new ArrayList<>(names);
        files.forEach(file -> all.add("input " + file));
        if (all.isEmpty()) {
            return Optional.empty();
        }
        String listed = String.join(", ", all.subList(0, Math.min(all.size(), MAX_LISTED)));
        return Optional.of(all.size() > MAX_LISTED ? listed + " and " + (all.size() - MAX_LISTED) + " more" : listed);
    }
}
