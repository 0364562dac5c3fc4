package org.donotanswer.bench.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Renders help: options under headings, commands by task, and a synopsis of what is required. Immutable, hence thread-safe. */
final class HelpRenderer {
    private static final int LABEL_INDENT = 2;
    private static final int DESCRIPTION_INDENT = 30;

    private final Map<String, List<String>> commandsByTask;

    /** Creates a renderer; the map holds the names of the top-level commands by task, each in its order. */
    HelpRenderer(Map<String, List<String>> commandsByTask) {
        this.commandsByTask = new LinkedHashMap<>(commandsByTask);
    }

    /** Lets a command and all commands below it render their help in this way. */
    void install(CommandLine command) {
        Map<String, CommandLine.IHelpSectionRenderer> sections = command.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, HelpRenderer::synopsis);
        sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, HelpRenderer::arguments);
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpRenderer::options);
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, this::commands);
        command.setHelpSectionMap(sections);
        List<String> keys = new ArrayList<>(command.getHelpSectionKeys());
        keys.remove(UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
        keys.add(keys.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST), UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
        command.setHelpSectionKeys(keys);
        command.getSubcommands().values().forEach(this::install);
    }

    /** Required options and arguments; all other options are {@code [OPTIONS]}. */
    private static String synopsis(Help help) {
        CommandSpec spec = help.commandSpec();
        List<String> words = new ArrayList<>(List.of(spec.qualifiedName()));
        spec.options().stream()
                .filter(option -> option.required() && option.group() == null)
                .map(option -> option.longestName() + " " + option.paramLabel())
                .forEach(words::add);
        words.add("[OPTIONS]");
        spec.positionalParameters().stream().map(HelpRenderer::argument).forEach(words::add);
        if (!spec.subcommands().isEmpty()) {
            words.add(spec.usageMessage().synopsisSubcommandLabel());
        }
        return String.join(" ", words) + System.lineSeparator();
    }

    private static String argument(PositionalParamSpec argument) {
        String label = argument.paramLabel() + (argument.arity().max() > 1 ? "..." : "");
        return argument.arity().min() == 0 ? "[" + label + "]" : label;
    }

    private static String options(Help help) {
        Map<HelpSection, List<OptionSpec>> sections = help.commandSpec().options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparing((OptionSpec option) -> !Options.isRequired(option))
                        .thenComparing(OptionSpec::order))
                .collect(Collectors.groupingBy(Options::section));
        StringBuilder text = new StringBuilder();
        sections.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(section -> {
            text.append(heading(section.getKey().heading()));
            section.getValue().forEach(option -> append(text, help, label(option), option));
        });
        return text.toString();
    }

    /** Returns the names of an option; long names start in the same column, whether there is a short one or not. */
    private static String label(OptionSpec option) {
        String names = Arrays.stream(option.names())
                .map(name -> option.negatable() ? name.replaceFirst("^--", "--[no-]") : name)
                .collect(Collectors.joining(", "));
        return names.startsWith("--") ? "    " + names : names;
    }

    private static String arguments(Help help) {
        List<PositionalParamSpec> arguments = help.commandSpec().positionalParameters();
        if (arguments.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(heading("Arguments"));
        arguments.forEach(argument -> append(text, help, "    " + argument(argument), argument));
        return text.toString();
    }

    private static void append(StringBuilder text, Help help, String label, ArgSpec arg) {
        Text parameter = arg.isOption()
                ? help.parameterLabelRenderer()
                        .renderParameterLabel(
                                arg, help.ansi(), help.colorScheme().optionParamStyles())
                : help.colorScheme().text("");
        int length = LABEL_INDENT + label.length() + parameter.plainString().length();
        text.append(" ".repeat(LABEL_INDENT))
                .append(help.colorScheme().optionText(label))
                .append(parameter)
                .append(
                        length < DESCRIPTION_INDENT
                                ? " ".repeat(DESCRIPTION_INDENT - length)
                                : System.lineSeparator() + " ".repeat(DESCRIPTION_INDENT));
        int width = help.commandSpec().usageMessage().width() - DESCRIPTION_INDENT;
        append(text, wrapped(String.join(" ", arg.description()), width), DESCRIPTION_INDENT);
    }

    private static void append(StringBuilder text, List<String> lines, int indent) {
        text.append(String.join(System.lineSeparator() + " ".repeat(indent), lines))
                .append(System.lineSeparator());
    }

    private String commands(Help help) {
        CommandSpec spec = help.commandSpec();
        StringBuilder text = new StringBuilder();
        if (spec.parent() == null) {
            commandsByTask.forEach((task, names) -> append(text, task, names, spec));
        } else if (!spec.subcommands().isEmpty()) {
            append(text, "Commands", List.copyOf(spec.subcommands().keySet()), spec);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String title, List<String> names, CommandSpec spec) {
        int indent = 4
                + spec.subcommands().keySet().stream()
                        .mapToInt(String::length)
                        .max()
                        .orElse(0);
        int width = spec.usageMessage().width() - indent;
        text.append(heading(title));
        for (String name : names) {
            String[] description =
                    spec.subcommands().get(name).getCommandSpec().usageMessage().description();
            List<String> lines = wrapped(description.length == 0 ? "" : firstSentence(description[0]), width);
            text.append("  ").append(name).append(" ".repeat(indent - 2 - name.length()));
            append(text, lines, indent);
        }
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    private static String heading(String title) {
        return System.lineSeparator() + title + ":" + System.lineSeparator();
    }
}
