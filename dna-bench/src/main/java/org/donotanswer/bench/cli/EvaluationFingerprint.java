package org.donotanswer.bench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.donotanswer.evaluate.SafetyEvaluator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What must be the same for an evaluation to go on with the result of an undisturbed one. Stateless, hence thread-safe. */
final class EvaluationFingerprint {
    /** Options that may change, or whose values are told in another way. */
    private static final Set<String> FREE =
            Set.of("--threads", "--resume", OverwriteOption.NAME, "--input", "--output", EvaluatorOption.NAME);

    private EvaluationFingerprint() {}

    /**
     * Returns the size and time of each input, the options, and what the evaluator was made of, by names for messages.
     *
     * @throws IOException if an input cannot be looked up
     */
    static Map<String, String> of(CommandSpec command, OutputPlan plan, SafetyEvaluator evaluator) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (OutputPlan.Part part : plan.parts()) {
            for (InputFiles.InputFile input : part.inputs()) {
                settings.put("input " + input.path(), input(input, part.target()));
            }
        }
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            if (!FREE.contains(option.longestName())) {
                settings.put(option.longestName(), String.join("\n", option.stringValues()));
            }
        }
        settings.put("evaluator", evaluator(evaluator));
        return settings;
    }

    static String input(InputFiles.InputFile input, Path target) throws IOException {
        return Files.size(input.path()) + " bytes, " + Files.getLastModifiedTime(input.path()) + ", to " + target;
    }

    static String evaluator(SafetyEvaluator evaluator) {
        try {
            String json = new JsonMapper().writeValueAsString(evaluator.provenance());
            return evaluator.name() + ", made of " + Hashing.sha256().hashString(json, StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("provenance must have a JSON form, but had none", e);
        }
    }
}
