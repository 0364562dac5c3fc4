package org.donotanswer.bench.cli;

import java.lang.reflect.Field;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What is common to the options of all commands. Stateless, hence thread-safe. */
final class Options {
    private Options() {}

    /** Returns the section of help that lists an option. */
    static HelpSection section(OptionSpec option) {
        if (option.userObject() instanceof Field field) {
            InSection section = field.getAnnotation(InSection.class);
            if (section == null) {
                section = field.getDeclaringClass().getAnnotation(InSection.class);
            }
            if (section != null) {
                return section.value();
            }
        }
        return HelpSection.GENERAL;
    }

    /** Returns whether a command needs the option, or one that excludes it. */
    static boolean isRequired(OptionSpec option) {
        return option.required()
                && (option.group() == null || option.group().multiplicity().min() > 0);
    }

    /** Returns the first option of the given sections that the user gave. */
    static Optional<String> firstGiven(CommandSpec spec, Set<HelpSection> sections) {
        ParseResult parsed = spec.commandLine().getParseResult();
        return parsed.matchedOptions().stream()
                .filter(option -> sections.contains(section(option)))
                .map(OptionSpec::longestName)
                .findFirst();
    }

    /** Returns how a command was called, in one line. */
    static String commandLine(CommandSpec spec) {
        return "dna "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }
}
