package org.donotanswer.bench.cli;

import java.util.List;
import org.donotanswer.bench.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "help", description = "Shows the help of a command, like the option --help.")
final class HelpCommand implements Runnable {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "Command, for example evaluate, or annotate export. Default: dna itself.")
    private List<String> names = List.of();

    HelpCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void run() {
        CommandLine command = spec.root().commandLine();
        for (String name : names) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null) {
                throw new UsageException(UsageMessages.ofUnknownCommand(command, name));
            }
            command = next;
        }
        command.usage(streams.writer());
        streams.writer().flush();
    }
}
