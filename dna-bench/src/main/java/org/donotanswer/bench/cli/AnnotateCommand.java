package org.donotanswer.bench.cli;

import org.donotanswer.bench.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "annotate",
        description =
                "Lets people label the responses of runs: exports responses, imports labels, measures agreement and"
                        + " adjudicates.",
        synopsisSubcommandLabel = "COMMAND")
final class AnnotateCommand implements Runnable {
    private AnnotateCommand() {}

    static CommandLine commandLine(Streams streams) {
        return new CommandLine(new AnnotateCommand())
                .addSubcommand(new AnnotateExportCommand(streams))
                .addSubcommand(new AnnotateImportCommand(streams))
                .addSubcommand(new AnnotateAgreementCommand(streams))
                .addSubcommand(new AnnotateDisagreementsCommand(streams))
                .addSubcommand(new AnnotateAdjudicateCommand(streams))
                .addSubcommand(new AnnotateMismatchesCommand(streams));
    }

    @Override
    public void run() {
        throw new UsageException("a command must be given, but was none");
    }
}
