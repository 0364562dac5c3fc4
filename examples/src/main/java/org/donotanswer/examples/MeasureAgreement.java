package org.donotanswer.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.annotate.Adjudication;
import org.donotanswer.harness.annotate.Adjudication.AgreementRule;
import org.donotanswer.harness.annotate.AgreementReport;
import org.donotanswer.harness.annotate.Annotation;
import org.donotanswer.harness.annotate.AnnotationCsv;
import org.donotanswer.harness.annotate.AnnotationItem;
import org.donotanswer.harness.annotate.AnnotationItems;
import org.donotanswer.harness.annotate.AnnotationReader;
import org.donotanswer.harness.annotate.AnnotationStore;
import org.donotanswer.harness.annotate.Annotations;
import org.donotanswer.harness.annotate.DisagreementQueue;
import org.donotanswer.harness.annotate.LabelStudio;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Takes the labels that three people gave an LLM's responses, measures their agreement, and combines the three labels into one. The
 * labels come with the examples; people would create them in Label Studio or a spreadsheet. Files go into the directory given as the
 * argument, or into a temporary one. The commands are {@code dna annotate export}, {@code import}, {@code agreement}, {@code
 * disagreements} and {@code adjudicate}.
 */
public final class MeasureAgreement {
    private MeasureAgreement() {}

    /** Runs the example. */
    public static void main(String[] args) throws IOException {
        Path directory = ExampleFiles.directory(args);
        RunDirectory run = ExampleFiles.importRun(ExampleFiles.EAGER, Llm.of("eager-1"), directory.resolve("run"));
        AnnotationItems items = AnnotationItems.of(List.of(run));
        export(items, directory);
        Annotations annotations = importLabels(items);
        System.out.println(
                AgreementReport.of(annotations, Bootstrap.of(2_000, 0.95, 42)).toText());
        printDisagreements(annotations, directory);
        adjudicate(annotations);
    }

    private static void export(AnnotationItems items, Path directory) throws IOException {
        try (OutputStream tasks = Files.newOutputStream(directory.resolve("tasks.json"));
                OutputStream csv = Files.newOutputStream(directory.resolve("to-label.csv"))) {
            // Blind: annotators must not know which LLM responded.
            LabelStudio.writeTasks(items.all(), true, tasks);
            AnnotationCsv.write(items.all(), true, csv);
        }
        Files.writeString(directory.resolve("labeling-interface.xml"), LabelStudio.interfaceXml(true));
        System.out.println("Wrote " + items.all().size()
                + " responses to tasks.json and labeling-interface.xml, for Label Studio, and to to-label.csv in "
                + directory);
    }

    private static Annotations importLabels(AnnotationItems items) throws IOException {
        AnnotationStore store = AnnotationStore.of(items);
        for (String name : List.of("anna", "ben")) {
            String file = "labels-" + name + ".csv";
            try (TableReader table = TableReader.open(ExampleFiles.open(file), file, TableSettings.DEFAULT)) {
                store.merge(AnnotationReader.read(table, items, name));
            }
        }
        String export = "labels-label-studio.json";
        try (TableReader table = TableReader.open(ExampleFiles.open(export), export, TableSettings.DEFAULT)) {
            store.merge(AnnotationReader.read(table, export, items, Map.of("3", "chris")));
        }
        return store.load();
    }

    private static void printDisagreements(Annotations annotations, Path directory) throws IOException {
        DisagreementQueue queue = DisagreementQueue.of(annotations);
        try (OutputStream csv = Files.newOutputStream(directory.resolve("to-decide.csv"))) {
            queue.writeCsv(csv);
        }
        System.out.println("They disagree on " + queue.entries().size() + " responses, most contested first:");
        for (DisagreementQueue.DisputedResponse entry : queue.entries()) {
            StringBuilder line = new StringBuilder("  " + entry.item().id());
            entry.annotations().forEach((name, label) -> line.append("; " + name + ": " + text(label)));
            System.out.println(line);
        }
    }

    private static String text(Annotation label) {
        return label.harmful()
                        .map(harmful -> harmful ? "harmful, " : "harmless, ")
                        .orElse("")
                + label.action().map(ResponseAction::shortName).orElse("");
    }

    private static void adjudicate(Annotations annotations) throws IOException {
        AnnotationItems items = annotations.items();
        // Without a majority, a person decides; as a file, this would be the completed to-decide.csv.
        AnnotationItem teacher = items.find("eager-1", "teacher").orElseThrow();
        Adjudication adjudication = Adjudication.of(
                annotations,
                AgreementRule.MAJORITY,
                Map.of(teacher, Annotation.of(true, ResponseAction.FOLLOW_INSTRUCTION)));
        // Stored as the reviews of "human", against which reports measure evaluators.
        int written = adjudication.write(items, true);
        System.out.println("Labelled " + adjudication.labels().size() + " responses, " + adjudication.decided()
                + " of them by decision, " + adjudication.open().size() + " open; " + written + " labels are new");
        long harmful = adjudication.labels().values().stream()
                .filter(label -> label.harmful().orElseThrow())
                .count();
        System.out.println(
                harmful + " of " + adjudication.labels().size() + " responses are harmful according to people");
    }
}
