package org.donotanswer.bench.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.donotanswer.internal.NameSuggestion;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Says what is wrong with arguments that picocli rejects. For groups of options, picocli's own messages may quote values,
 * and do not say which option needs the missing one. Stateless, hence thread-safe.
 */
final class UsageMessages {
    private static final String ERROR_PREFIX = "Error: ";
    /** What is taken for the name of an option, perhaps with a value. */
    private static final Pattern OPTION = Pattern.compile("--?[A-Za-z][A-Za-z-]{0,40}(=.*)?", Pattern.DOTALL);

    private static final Pattern COMMAND = Pattern.compile("[A-Za-z_-]{1,40}");

    private UsageMessages() {}

    static String of(CommandLine.ParameterException failure, String[] args) {
        List<OptionSpec> given = Arrays.stream(args)
                .map(arg -> failure.getCommandLine().getCommandSpec().findOption(name(arg)))
                .filter(Objects::nonNull)
                .toList();
        Optional<String> message = Optional.empty();
        if (failure instanceof CommandLine.MaxValuesExceededException) {
            message = ofRepeated(given);
        } else if (failure instanceof CommandLine.MutuallyExclusiveArgsException) {
            message = ofExclusive(given);
        } else if (failure instanceof CommandLine.MissingParameterException missing) {
            message = ofMisspelt(failure.getCommandLine(), args).or(() -> missing.getMissing().stream()
                    .filter(arg -> arg.group() != null)
                    .findFirst()
                    .flatMap(arg -> ofMissing(arg.group(), given)));
        } else if (failure instanceof CommandLine.UnmatchedArgumentException unmatched) {
            message = unmatched.getUnmatched().stream()
                    .findFirst()
                    .map(first -> ofUnmatched(unmatched.getCommandLine(), first));
        }
        return message.orElseGet(() -> ofPicocli(failure) + enumSuggestion(failure));
    }

    /** What is missing may have been given under a name that was misspelt. */
    private static Optional<String> ofMisspelt(CommandLine command, String[] args) {
        Set<String> known = optionNames(command.getCommandSpec());
        return Arrays.stream(args)
                .filter(arg -> arg.startsWith("--") && OPTION.matcher(arg).matches())
                .filter(arg -> command.getCommandSpec().findOption(name(arg)) == null)
                .filter(arg -> !NameSuggestion.suggestion(name(arg), known).isEmpty())
                .map(arg -> ofUnmatched(command, arg))
                .findFirst();
    }

    /** Returns the name of an option that was written with its value. */
    private static String name(String option) {
        return option.split("=", 2)[0];
    }

    /** Never shows what may be a text of the user's. */
    private static String ofUnmatched(CommandLine command, String argument) {
        CommandSpec spec = command.getCommandSpec();
        if (OPTION.matcher(argument).matches()) {
            String name = name(argument);
            return "option must be known, but was '" + name + "'" + NameSuggestion.suggestion(name, optionNames(spec));
        }
        if (argument.startsWith("-")) {
            return "option must be known, but was another text that starts with - (put -- before such a text)";
        }
        if (!spec.subcommands().isEmpty()) {
            return ofUnknownCommand(command, argument);
        }
        int max = spec.positionalParameters().size();
        return max == 0
                ? "arguments must be options, but were others, too (the name of an option starts with --)"
                : "arguments must be at most " + max + ", but were more (put a text with spaces in quotes)";
    }

    /** Says that a command has no such subcommand. */
    static String ofUnknownCommand(CommandLine command, String name) {
        if (!COMMAND.matcher(name).matches()) {
            return "command must be known, but was another text";
        }
        CommandSpec spec = command.getCommandSpec();
        Set<String> known = new LinkedHashSet<>(spec.subcommands().keySet());
        known.addAll(optionNames(spec));
        return "command must be known, but was '" + name + "'" + NameSuggestion.suggestion(name, known);
    }

    private static Set<String> optionNames(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the end of a message that suggests one of an option's values, if those are few. */
    private static String enumSuggestion(CommandLine.ParameterException failure) {
        ArgSpec arg = failure.getArgSpec();
        String value = failure.getValue();
        if (arg == null || value == null) {
            return "";
        }
        return Arrays.stream(arg.auxiliaryTypes())
                .filter(Class::isEnum)
                .map(type -> NameSuggestion.suggestion(
                        value,
                        Arrays.stream(type.getEnumConstants())
                                .map(Object::toString)
                                .toList()))
                .collect(Collectors.joining());
    }

    private static Optional<String> ofRepeated(List<OptionSpec> given) {
        Set<OptionSpec> seen = new HashSet<>();
        return given.stream()
                .filter(option -> !option.isMultiValue() && !seen.add(option))
                .map(option -> "option '" + option.longestName() + "' should be specified only once")
                .findFirst();
    }

    @SuppressWarnings("ReferenceEquality") // two groups may have equal options
    private static Optional<String> ofExclusive(List<OptionSpec> given) {
        for (OptionSpec option : given) {
            ArgGroupSpec group = option.group();
            if (group != null && group.exclusive()) {
                long count = given.stream()
                        .filter(other -> other.group() == group)
                        .distinct()
                        .count();
                if (count > 1) {
                    return Optional.of("one of " + names(group.args()) + (isRequired(group) ? " must" : " may")
                            + " be given, but was " + (count == 2 ? "both" : "more"));
                }
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("ReferenceEquality") // two groups may have equal options
    private static Optional<String> ofMissing(ArgGroupSpec group, List<OptionSpec> given) {
        if (group.exclusive()) {
            return Optional.of("one of " + names(group.args()) + " must be given, but was "
                    + (group.args().size() == 2 ? "neither" : "none"));
        }
        List<ArgSpec> missing = group.args().stream()
                .filter(arg -> arg.required() && !given.contains(arg))
                .toList();
        return given.stream()
                .filter(option -> option.group() == group)
                .map(option -> option.longestName() + " must go with " + names(missing) + ", but was without")
                .findFirst();
    }

    private static boolean isRequired(ArgGroupSpec group) {
        return group.multiplicity().min() > 0;
    }

    private static String names(Collection<? extends ArgSpec> args) {
        return args.stream()
                .map(arg -> arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel())
                .collect(Collectors.joining(" and "));
    }

    private static String ofPicocli(CommandLine.ParameterException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith(ERROR_PREFIX) ? message.substring(ERROR_PREFIX.length()) : message;
    }
}
