package org.donotanswer.bench.cli;

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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What must be the same for an evaluation to go on with the result of an undisturbed one. Immutable, hence thread-safe.
 *
 * @param settings the options, and what the evaluator was made of, by names for messages
 * @param inputs the paths of the inputs in the order in which they are read, as a state counts them
 * @param outputs the paths of the outputs in their order
 */
record EvaluationFingerprint(Map<String, String> settings, List<String> inputs, List<String> outputs) {
    /** Options that may change, or whose values are told in another way. */
    private static final Set<String> FREE =
            Set.of("--threads", "--resume", OverwriteOption.NAME, "--input", "--output", EvaluatorOption.NAME);

    private static final int MAX_LISTED = 5;

    EvaluationFingerprint {
        settings = Map.copyOf(settings);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * Returns the fingerprint of a command whose arguments have been parsed.
     *
     * @param names whether assessments say which file they are of
     */
    static EvaluationFingerprint of(CommandSpec command, OutputPlan plan, SafetyEvaluator evaluator, boolean names) {
        Map<String, String> settings = new TreeMap<>();
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            if (!FREE.contains(option.longestName())) {
                settings.put(option.longestName(), String.join("\n", option.stringValues()));
            }
        }
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
