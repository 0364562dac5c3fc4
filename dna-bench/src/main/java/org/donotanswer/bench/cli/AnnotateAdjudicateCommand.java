package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.donotanswer.harness.annotate.Adjudication;
import org.donotanswer.harness.annotate.Annotation;
import org.donotanswer.harness.annotate.AnnotationItem;
import org.donotanswer.harness.annotate.AnnotationReader;
import org.donotanswer.harness.annotate.Annotations;
import org.donotanswer.harness.table.TableReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "adjudicate",
        description =
                "Merges annotations into one label per response where annotators agree or a decision is given. Stores the"
                        + " labels in the runs as the reviews of the reviewer human.",
        footer = {
            "",
            "Labels on which annotators do not agree stay open and are counted. The label of a single annotator is"
                    + " accepted."
        })
final class AnnotateAdjudicateCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private RunParameters runs;

    @Option(
            names = "--rule",
            defaultValue = "majority",
            paramLabel = "RULE",
            description = "When annotators agree: majority, if more than half give the same label, or unanimous."
                    + " Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.ANNOTATION)
    private Adjudication.AgreementRule rule;

    @Option(
            names = "--decisions",
            paramLabel = "FILE",
            description = "File with labels for responses on which annotators disagree, as written by annotate"
                    + " disagreements. Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path decisions;

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(names = "--replace", description = "Replace labels that were adjudicated before.")
    @InSection(HelpSection.ANNOTATION)
    private boolean replace;

    AnnotateAdjudicateCommand(Streams streams) {
        runs = new RunParameters();
        rule = Adjudication.AgreementRule.MAJORITY;
        this.streams = streams;
    }

    private Map<AnnotationItem, Annotation> decided(Path file, Annotations annotations) throws IOException {
        try (TableReader reader = TableReader.open(file, table.settings())) {
            return AnnotationReader.readDecisions(reader, annotations.items());
        }
    }

    @Override
    public Integer call() throws IOException {
        Annotations annotations = runs.annotations();
        var decided = decisions == null ? Map.<AnnotationItem, Annotation>of() : decided(decisions, annotations);
        Adjudication adjudication = Adjudication.of(annotations, rule, decided);
        int written = adjudication.write(annotations.items(), replace);
        PrintWriter out = streams.writer();
        out.print(adjudication.labels().size() + " of " + annotations.byItem().size()
                + " responses have both labels: " + adjudication.decided() + " by decision, " + adjudication.single()
                + " by a single annotator; " + written + " new or changed\n");
        out.print("Still open: " + adjudication.open().size() + "\n");
        if (adjudication.unused() > 0) {
            out.print(adjudication.unused()
                    + " decisions were ignored: the annotators agree, or nobody annotated the response\n");
        }
        out.flush();
        return 0;
    }
}
