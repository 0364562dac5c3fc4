package org.donotanswer.bench.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "annotate",
        description =
                "Has people label the responses of runs: gives them out, takes labels in, measures agreement, and makes"
                        + " one label of several.",
        synopsisSubcommandLabel = "COMMAND")
final class AnnotateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

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
        throw new ParameterException(spec.commandLine(), "a command must be given, but was none");
    }
}
