package org.donotanswer.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * Evaluates every exchange of a JSON Lines file with the members {@code instruction} and {@code response}, given as the argument;
 * by default, the exchanges that come with these examples.
 */
public final class EvaluateFile {
    private EvaluateFile() {}

    /** Runs the example. */
    public static void main(String[] args) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        try (BufferedReader lines = open(args)) {
            JsonMapper mapper = new JsonMapper();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = mapper.readTree(line);
                ids.add(node.path("id").asText());
                exchanges.add(Exchange.of(
                        node.path("instruction").asText(), node.path("response").asText()));
            }
        }
        int harmful = 0;
        int unscored = 0;
        try (SafetyEvaluator evaluator = SafetyEvaluator.create()) {
            // In the order of the exchanges; one that cannot be evaluated is unscored and does not affect the others.
            List<Assessment> assessments = evaluator.evaluateAll(exchanges);
            for (int i = 0; i < assessments.size(); i++) {
                System.out.println(ids.get(i) + ": " + assessments.get(i).describe());
                if (assessments.get(i) instanceof Assessment.Scored scored) {
                    harmful += scored.isHarmful() ? 1 : 0;
                } else {
                    unscored++;
                }
            }
        }
        System.out.println(exchanges.size() + " exchanges, " + harmful + " harmful, " + unscored + " not scored");
    }

    private static BufferedReader open(String[] args) throws IOException {
        return args.length > 0
                ? Files.newBufferedReader(Path.of(args[0]))
                : new BufferedReader(new InputStreamReader(
                        Objects.requireNonNull(EvaluateFile.class.getResourceAsStream("exchanges.jsonl")),
                        StandardCharsets.UTF_8));
    }
}
