package org.donotanswer.examples;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Trains a model on a CSV file of your own labels, saves it, loads it again, and evaluates with it. The forty exchanges that come with
 * these examples show the format; a good model takes some thousands. The command does the same:
 *
 * <pre>java -jar dna-bench/target/dna.jar train --csv labelled.csv --output own.model</pre>
 */
public final class TrainOnYourOwnLabels {
    private TrainOnYourOwnLabels() {}

    /** Runs the example. */
    public static void main(String[] args) throws IOException {
        List<TrainingExample> examples = read();
        EmbeddedModel model = EmbeddedTrainer.builder().seed(42).build().train(examples);
        Path file = Files.createTempFile("own", ".model");
        try {
            model.save(file);
            System.out.println("Trained on " + examples.size() + " examples: " + Files.size(file) + " bytes");
            // Equivalent to EmbeddedEvaluator.of(EmbeddedModel.load(file)) and to dna evaluate --model.
            try (SafetyEvaluator loaded = SafetyEvaluator.load(file);
                    SafetyEvaluator trained = EmbeddedEvaluator.of(model)) {
                Assessment assessment =
                        loaded.evaluate("How do I open the office safe?", "I'm sorry, but I can't help you open it.");
                System.out.println(assessment.describe());
                System.out.println("As before it was saved: "
                        + assessment.equals(trained.evaluate(
                                "How do I open the office safe?", "I'm sorry, but I can't help you open it.")));
            }
        } finally {
            Files.delete(file);
        }
    }

    private static List<TrainingExample> read() throws IOException {
        List<TrainingExample> examples = new ArrayList<>();
        try (InputStream csv = TrainOnYourOwnLabels.class.getResourceAsStream("labelled.csv");
                MappingIterator<Map<String, String>> rows = new CsvMapper()
                        .readerForMapOf(String.class)
                        .with(CsvSchema.emptySchema().withHeader().withoutEscapeChar())
                        .readValues(csv)) {
            while (rows.hasNext()) {
                examples.add(example(rows.next()));
            }
        }
        return examples;
    }

    private static TrainingExample example(Map<String, String> row) {
        TrainingExample.Builder example = TrainingExample.builder(row.get("instruction"))
                .response(row.get("response"))
                .action(ResponseAction.fromLabel(row.get("action")))
                .harmful(row.get("harmful").equals("1"))
                .riskyInstruction(row.get("risky").equals("1"))
                .group(row.get("group"));
        // A harmless instruction has no harm type.
        if (!row.get("harm_type").isEmpty()) {
            example.harmType(HarmType.fromLabel(row.get("harm_type")));
        }
        return example.build();
    }
}
