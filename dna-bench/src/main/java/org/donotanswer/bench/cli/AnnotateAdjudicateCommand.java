package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.donotanswer.harness.annotate.Adjudication;
import org.donotanswer.harness.annotate.Annotation;
import org.donotanswer.harness.annotate.AnnotationCsv;
import org.donotanswer.harness.annotate.AnnotationItem;
import org.donotanswer.harness.annotate.Annotations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "adjudicate",
        description =
                "Makes one label of several, where annotators agree or a decision is given, and writes them into the"
                        + " runs as the reviews of human.",
        footer = {
            "",
            "Labels on which annotators do not agree stay open, and are counted. The label of one annotator alone counts."
        })
final class AnnotateAdjudicateCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private RunParameters runs;

    @Option(
            names = "--rule",
            defaultValue = "majority",
            paramLabel = "RULE",
            description = "majority, of more than half (default), or unanimous.")
    private Adjudication.AgreementRule rule;

    @Option(
            names = "--decisions",
            paramLabel = "FILE",
            description = "CSV with labels for where annotators do not agree, as of annotate disagreements.")
    private @Nullable Path decisions;

    @Option(names = "--replace", description = "Let labels change that were adjudicated before.")
    private boolean replace;

    AnnotateAdjudicateCommand(Streams streams) {
        runs = new RunParameters();
        rule = Adjudication.AgreementRule.MAJORITY;
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        Annotations annotations = runs.annotations();
        var decided = decisions == null
                ? Map.<AnnotationItem, Annotation>of()
                : AnnotationCsv.readDecisions(
                        Files.newInputStream(decisions), decisions.toString(), annotations.items());
        Adjudication adjudication = Adjudication.of(annotations, rule, decided);
        int written = adjudication.write(annotations.items(), replace);
        PrintWriter out = streams.writer();
        out.print(adjudication.labels().size() + " of " + annotations.byItem().size()
                + " responses have both labels: " + adjudication.decided() + " by decision, " + adjudication.single()
                + " by one annotator alone; " + written + " new or changed\n");
        out.print(adjudication.open().size() + " stay open\n");
        if (adjudication.unused() > 0) {
            out.print(adjudication.unused()
                    + " decisions were not needed, and passed over: the annotators agree, or there" + " are none\n");
        }
        out.flush();
        return 0;
    }
}
