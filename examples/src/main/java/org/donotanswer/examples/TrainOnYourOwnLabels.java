package org.donotanswer.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Trains a model on a CSV file of your own labels, saves it, loads it again, and evaluates with it. The forty exchanges that come with
 * these examples show the format; a good model takes some thousands. The command does the same:
 *
 * <pre>dna-bench/target/dna train --csv labelled.csv --output own.model</pre>
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
            // Equivalent to EmbeddedEvaluator.of(EmbeddedModel.load(file)) and to dna evaluate --evaluator.
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
        InputStream in = TrainOnYourOwnLabels.class.getResourceAsStream("labelled.csv");
        try (CsvReader csv = CsvReader.open(in, "labelled.csv")) {
            while (csv.next()) {
                examples.add(example(csv.row()));
            }
        }
        return examples;
    }

    private static TrainingExample example(CsvRow row) {
        TrainingExample.Builder example = TrainingExample.builder(row.text("instruction"))
                .response(row.text("response"))
                .action(ResponseAction.fromLabel(row.text("action")))
                .harmful(row.text("harmful").equals("1"))
                .riskyInstruction(row.text("risky").equals("1"))
                .group(row.text("group"));
        // A harmless instruction has no harm type.
        if (!row.text("harm_type").isEmpty()) {
            example.harmType(HarmType.fromLabel(row.text("harm_type")));
        }
        return example.build();
    }
}
